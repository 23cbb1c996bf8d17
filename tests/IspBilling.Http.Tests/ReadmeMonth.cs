using System.Diagnostics;
using System.Text.RegularExpressions;
using IspBilling.Access.Rights;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>README's month on an empty database, line by line as it stands there.</summary>
public sealed partial class ReadmeMonth : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ispbilling-readme-{Guid.NewGuid():n}");
    private TestDatabase _database = null!;
    private EngineHost _host = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _host = await EngineHost.Start(_database.ConnectionString, _directory, new StandingClock(Clock()));
        _key = (await _host.Services.GetRequiredService<ApiKeyStore>().Create("reader of the readme", RightNames.All, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None)).Plain;
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_the_readme_says_works_as_it_stands_there()
    {
        var script = Script().Match(Text());
        Assert.True(script.Success, "README.md has no month in a block of sh");

        var (exit, output) = await Bash(script.Groups["script"].Value);

        Assert.True(exit == 0, $"the month ended with {exit}:\n{output}");
        using var clerk = new KeyHolder(_host.Address, _key);
        var paid = (await clerk.Get("/v1/clients/K000123")).Must(200);
        Assert.Equal(("0.00", "7000123"), (paid.Amount("balance"), paid.Text("client.accountSymbol")));
        Assert.Equal("499.00", (await clerk.Get("/v1/clients/K000123/documents")).Must(200).Amount("items[0].total"));

        // From the 10th: 22 of 31 days.
        var owing = (await clerk.Get("/v1/clients/K000124")).Must(200);
        Assert.Equal("354.13", owing.Amount("balance"));
        Assert.Contains("\"isComplete\":true", output, StringComparison.Ordinal);
        Assert.Contains("\"matched\":1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("noPrice", output, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output)> Bash(string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "shell")).FullName;
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["API"] = _host.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["KEY"] = _key;
        using var shell = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var (output, errors) = (shell.StandardOutput.ReadToEndAsync(patience.Token), shell.StandardError.ReadToEndAsync(patience.Token));
            await shell.WaitForExitAsync(patience.Token);
            return (shell.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The business date that the readme tells to start with.</summary>
    private static DateTimeOffset Clock()
    {
        var told = ClockSetting().Matches(Text());
        Assert.NotEmpty(told);
        return Assert.Single(told.Select(one => DateTimeOffset.Parse(one.Groups["clock"].Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct());
    }

    private static string Text()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not in the repository");
        return File.ReadAllText(Path.Combine(folder.FullName, "README.md"));
    }

    [GeneratedRegex("## A month on an empty database\n.*?\n```sh\n(?<script>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("ISPBILLING__CLOCK=(?<clock>[0-9T:Z-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClockSetting();
}
