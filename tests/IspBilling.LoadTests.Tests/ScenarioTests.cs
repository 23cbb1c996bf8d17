using System.CommandLine;
using System.Text.Json;

namespace IspBilling.LoadTests.Tests;

/// <summary>Every scenario once, as small as it goes, with a file for its result.</summary>
public sealed class ScenarioTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ispbilling-load-");

    public static TheoryData<string, string[]> Tiny => new()
    {
        { "bill", ["--accounts", "50"] },
        { "limit", ["--accounts", "50"] },
        { "import", ["--payments", "200"] },
        { "read", ["--bytes", "200000", "--staged", "50000"] },
        { "review", ["--accounts", "400"] },
        { "api", ["--accounts", "100", "--rate", "20", "--alone", "0.5"] },
        { "search", ["--accounts", "300", "--rate", "40", "--seconds", "1"] },
        { "reports", ["--accounts", "60", "--documents", "240"] },
        { "pdf", ["--documents", "4"] },
        { "mail", ["--mails", "30"] },
        { "cluster", ["--accounts", "100", "--silo", Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll")] },
        { "chaos", ["--accounts", "100", "--rounds", "1", "--only", "cut"] },
        { "fuzz", ["--inputs", "2000"] },
    };

    [Theory]
    [MemberData(nameof(Tiny))]
    public async Task A_scenario_ends_well_and_leaves_its_result(string scenario, string[] size)
    {
        var result = await Run(scenario, size);

        Assert.Equal(scenario, result.GetProperty("scenario").GetString());
    }

    /// <summary>Commands that are not run here, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotHere = new(StringComparer.Ordinal)
    {
        ["reminders"] = "watches a silo for minutes, however few accounts there are",
        ["upgrade-database"] = "no scenario: it saves a database, which the upgrade tests open",
    };

    [Fact]
    public void Every_scenario_is_run_here() =>
        Assert.Equal(LoadCommands.Create().Subcommands.Select(command => command.Name).Except(NotHere.Keys).Order(), Tiny.Select(row => (string)row[0]).Order());

    /// <summary>
    /// A settled past must not make a client ever dearer. After two years the state takes some 1,350 bytes, where that of a newcomer takes 270:
    /// 42 for a month with three services (160 when each month was written in full). An invoice writes twice a newcomer's log, because each of
    /// its rows goes to an index page of its own, which is logged in full after a checkpoint.
    /// </summary>
    [Fact]
    public async Task Two_years_of_settled_history_keep_states_and_log_small()
    {
        var result = await Run("bill", ["--accounts", "150", "--history", "24"]);

        var sizes = result.GetProperty("sizes");
        Assert.InRange(sizes.GetProperty("stateBytes").GetDouble(), 1, 2_000);
        Assert.InRange(sizes.GetProperty("logBytes").GetDouble(), 1, 2.5 * sizes.GetProperty("newcomersLogBytes").GetDouble());
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<JsonElement> Run(string scenario, string[] size)
    {
        var file = Path.Combine(_directory.FullName, "result.json");
        string[] arguments = [scenario, .. size, "--data", Path.Combine(_directory.FullName, "data"), "--result", file];

        // An exception comes through, so that the test says why the scenario failed.
        Assert.Equal(0, await LoadCommands.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));

        return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file));
    }
}
