using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IspBilling.TestKit;

namespace IspBilling.Hosting.Tests;

/// <summary>What keeps the programs from starting is one sentence on the standard error and exit code 1, whoever starts them.</summary>
public sealed class ProgramTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Front = "IspBilling.Api.dll";
    private const string Worker = "IspBilling.Silo.dll";
    private readonly string _directory = Directory.CreateDirectory(TestDirectory.New()).FullName;

    [Theory]
    [InlineData(Front, "serve")]
    [InlineData(Front, "audit")]
    [InlineData(Front, "cluster", "--workers", "0")]
    [InlineData(Front, "apikey", "create", "--name", "crm", "--scopes", "billing")]
    [InlineData(Worker, "serve")]
    public async Task A_misspelt_setting(string program, params string[] arguments) =>
        Assert.Equal("ISPBILLING__DATABSE is no setting; the nearest is ISPBILLING__DATABASE.", await Refusal(program, arguments, ("ISPBILLING__DATABSE", "x")));

    [Fact]
    public async Task A_data_directory_in_use()
    {
        using var other = NodeDirectory.Claim(Path.Combine(_directory, ".data"));

        Assert.Equal(
            $"The data directory {_directory}/.data is in use by another node; stop that one first, or give this one a directory of its own by ISPBILLING__DATADIRECTORY.",
            await Refusal(Front, ["serve"]));
    }

    [Fact]
    public async Task A_port_in_use()
    {
        await using var database = await postgres.NewDatabase();
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(
            $"http://127.0.0.1:{port} is taken by another process: choose another port by --port or ASPNETCORE_URLS.",
            await Refusal(Front, ["serve", "--port", port], ("ISPBILLING__DATABASE", database.ConnectionString), ("ISPBILLING__LOGS", "none")));
    }

    [Theory]
    [InlineData("--fronts", "0", "--fronts: 1 to 8 expected, not '0'")]
    [InlineData("--fronts", "many", "--fronts: 1 to 8 expected, not 'many'")]
    [InlineData("--workers", "9", "--workers: 0 to 8 expected, not '9'")]
    public async Task A_cluster_of_a_wrong_size(string option, string value, string problem)
    {
        var (exitCode, errors) = await Run(Front, ["cluster", option, value]);

        Assert.Equal(1, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> Refusal(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var (exitCode, errors) = await Run(program, arguments, variables);
        Assert.Equal(1, exitCode);
        return errors.TrimEnd('\n');
    }

    private async Task<(int ExitCode, string Errors)> Run(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            WorkingDirectory = _directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors);
    }
}
