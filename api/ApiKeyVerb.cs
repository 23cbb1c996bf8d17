using System.CommandLine;
using IspBilling.Access.Rights;
using IspBilling.Hosting;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace IspBilling.Api;

/// <summary><c>apikey create</c>: a key more, or one again when all are lost.</summary>
internal static class ApiKeyVerb
{
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "Whose key it is; the journal names it with everything the key asked for", Required = true };
        var scopes = new Option<string[]>("--scopes", "--rights")
        {
            Description = $"What it may do: {string.Join(", ", RightNames.All)}; or, for several of them, {string.Join(", ", RightNames.Scopes)}", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. RightNames.Words]);
        var create = new Command("create", "Creates a key and prints it once; the engine may be running") { name, scopes };
        create.SetAction((parsed, cancellation) => StartFailure.Guard(
            () => CreateKey(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), cancellation)));
        return new Command("apikey", "Keys of the interface") { create };
    }

    private static async Task<int> CreateKey(string name, string[] scopes, CancellationToken cancellation)
    {
        var settings = SettingsReader.Read();
        await using var database = await Database.OpenBeside(settings, NullLoggerFactory.Instance, cancellation);
        try
        {
            var (_, plain) = await new ApiKeyStore(database.Source).Create(name, scopes, Authorship.OfSystem("apikey create", settings.Clock.GetUtcNow()), cancellation);
            Console.WriteLine(plain);
            return StartFailure.Success;
        }
        catch (ApiKeyNameTakenException taken)
        {
            throw new StartFailedException($"--name: {taken.Message}.", taken);
        }
    }
}
