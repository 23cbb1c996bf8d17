using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Terms;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Postgres.Tests.Terms;

/// <summary>Clients as an earlier release left them: without terms.</summary>
internal static class SearchedClients
{
    public static AccountProfile Named(string name) => new(
        IssuerId.Default, name, new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), null, null, null, "777 123 456", "cs", DeliveryPreference.Email,
        SymbolPolicy.PerDocument, null, AllocationPolicy.NamedThenOldest, 14);

    public static ClientQuery Words(params string[] words) => new(null, [], null, null, [], [words]);

    public static async Task Searched(this TestDatabase database, long account, string name, int revision = 1)
    {
        await database.Execute($"INSERT INTO client_references (account_id, reference) OVERRIDING SYSTEM VALUE VALUES ({account}, 'Č-{account}') ON CONFLICT DO NOTHING");
        if (revision == 1) await database.Account(account);
        await database.Profile(account, name, revision);
        await database.Execute(
            $"INSERT INTO clients (account_id, issuer, revision, name) VALUES ({account}, 1, {revision}, 'x') ON CONFLICT (account_id) DO UPDATE SET revision = excluded.revision");
    }

    /// <summary>Many at once, from <paramref name="first"/> on, each with the same name.</summary>
    public static async Task Searched(this TestDatabase database, long first, int count, string name)
    {
        var profile = Convert.ToHexString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Named(name), JournalJson.Options)));
        var all = $"FROM generate_series({first}, {first + count - 1}) id";
        await database.Execute(
            $"""
             INSERT INTO client_references (account_id, reference) OVERRIDING SYSTEM VALUE SELECT id, 'Č-' || id {all};
             INSERT INTO accounts (id, version, head, state, status, level, issuer, balance, catalogue_revision) SELECT id, 1, '', '', 1, 0, 1, 0, 1 {all};
             INSERT INTO account_profiles (account_id, revision, profile) SELECT id, 1, '\x{profile}' {all};
             INSERT INTO clients (account_id, issuer, revision, name) SELECT id, 1, 1, 'x' {all}
             """);
    }

    private static async Task Profile(this TestDatabase database, long account, string name, int revision)
    {
        await using var insert = database.Source.CreateCommand("INSERT INTO account_profiles (account_id, revision, profile) VALUES ($1, $2, $3)");
        insert.Parameters.Add(new() { Value = account });
        insert.Parameters.Add(new() { Value = revision });
        insert.Parameters.Add(new() { Value = JsonSerializer.SerializeToUtf8Bytes(Named(name), JournalJson.Options) });
        await insert.ExecuteNonQueryAsync();
    }

    public static Task<long> Fill(this TestDatabase database) => new TermFilling(database.Source).Fill(progress: null, CancellationToken.None);

    public static async Task<IReadOnlyList<string>> FoundBy(this NpgsqlDataSource database, params string[] words) =>
        [.. (await new ClientFinding(database).Find(Words(words), 50, CancellationToken.None))!.Clients.Select(client => client.Reference)];
}
