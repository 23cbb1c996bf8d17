using System.Net.Http.Json;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Faults.Tests;

/// <summary>What nobody prepares for: the engine or its database gone in the middle of work. Afterwards nothing is lost or doubled.</summary>
public sealed class KilledProcessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Clients = 6_000;
    private const int EnoughToBeInTheMiddle = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task An_engine_killed_in_the_middle_of_a_billing_run_finishes_it_after_a_restart_and_bills_everyone_once()
    {
        await using var provider = await SmallProvider.With(Clients, postgres);
        await using (await provider.HoldLastAccounts())
        await using (var api = await provider.StartApi())
        {
            await StartRun(api);

            // A page has been saved: the run that is resumed has a past.
            await Reached(provider, "billing_run_items", 1, api);
            await api.Kill();
        }

        Assert.InRange(await provider.Count("documents"), EnoughToBeInTheMiddle, Clients - 1);

        await using (var api = await provider.StartApi())
            await RunFinished(provider, api);

        await EveryoneIsBilledOnce(provider);
    }

    [Fact]
    public async Task An_engine_killed_in_the_middle_of_an_import_books_every_entry_once_after_a_restart()
    {
        await using var provider = await SmallProvider.With(Clients, postgres);
        var file = Path.Combine(provider.WorkFolder, "statement.gpc");
        await using (var api = await provider.StartApi())
        {
            await StartRun(api);
            await RunFinished(provider, api);
            await WriteStatement(provider, file);
            await using var held = await provider.HoldLastAccounts();
            var upload = Upload(api, file);
            await Reached(provider, "payments", EnoughToBeInTheMiddle, api);
            await api.Kill();
            await Assert.ThrowsAnyAsync<Exception>(() => upload);
            Assert.Empty(Directory.GetFiles(provider.Place.TemporaryDirectory, "ispbilling-upload-*"));
        }

        Assert.True(await provider.Count("statement_entries WHERE state = 0") > 0, "the import was over before the kill");

        await using (var api = await provider.StartApi())
        {
            await Until.So(async () => await provider.Count("statement_entries WHERE state = 0") == 0, Limit, api.Output);
            await Until.So(async () => await provider.Count("statement_imports WHERE finished_at IS NULL") == 0, Limit, api.Output);
            var payments = await provider.Count("payments");
            Assert.Equal(payments, await provider.Count("statement_entries WHERE state = 1 AND NOT is_reversal"));

            using var again = await Upload(api, file);
            again.EnsureSuccessStatusCode();
            Assert.Equal(payments, await provider.Count("payments"));
        }

        await AuditIsClean(provider);
    }

    [Fact]
    public async Task A_database_killed_and_restarted_under_a_billing_run_costs_nothing_but_time()
    {
        await using var server = await PostgresFixture.ServerOfItsOwn();
        await using var provider = await SmallProvider.With(Clients, await PostgresFixture.NewDatabase(server, MigrationSet.OfProgram));
        await using var api = await provider.StartApi();
        // Until the server dies, and the lock with it.
        await using var held = await provider.HoldLastAccounts();
        await StartRun(api);
        await Reached(provider, "documents", EnoughToBeInTheMiddle, api);
        await server.KillHard();
        await server.Restart();
        await Reconnected(provider, api);
        await RunFinished(provider, api);

        await EveryoneIsBilledOnce(provider);
    }

    private static async Task StartRun(EngineProcess api)
    {
        using var answer = await api.Client.PostAsJsonAsync("/v1/billing-runs", new { mode = "issue", through = $"{TrialTime.Today:yyyy-MM-dd}" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task Reached(SmallProvider provider, string table, int count, EngineProcess api) =>
        Until.So(async () => await provider.Count(table) >= count, Limit, api.Output);

    private static Task RunFinished(SmallProvider provider, EngineProcess api) =>
        Until.So(async () => await provider.Count("billing_runs WHERE finished_at IS NOT NULL") == 1, Limit, api.Output);

    /// <summary>Connections of the test's own pool died with the server, too.</summary>
    private static Task Reconnected(SmallProvider provider, EngineProcess api) => Until.So(async () =>
    {
        try
        {
            await provider.Count("billing_runs");
            return true;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }, Limit, api.Output);

    private static async Task WriteStatement(SmallProvider provider, string file)
    {
        var invoices = new List<PayableInvoice>();
        await using (var select = provider.Database.Source.CreateCommand("SELECT symbol, total FROM documents WHERE kind = 0 ORDER BY account_id"))
        await using (var rows = await select.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        }

        var day = TrialTime.Today;
        await using var stream = File.Create(file);
        await DemoStatement.Write(stream, day, DemoPayments.For(invoices, day, seed: 7).ToList(), default);
    }

    private static async Task<HttpResponseMessage> Upload(EngineProcess api, string file)
    {
        await using var stream = File.OpenRead(file);
        using var content = new StreamContent(stream);
        content.Headers.ContentType = new("application/octet-stream");
        return await api.Client.PostAsync("/v1/statements?fileName=statement.gpc", content);
    }

    private static async Task EveryoneIsBilledOnce(SmallProvider provider)
    {
        Assert.Equal(Clients, await provider.Count("documents"));
        Assert.Equal(Clients, await provider.Database.Scalar<long>("SELECT count(DISTINCT account_id) FROM documents"));
        Assert.Equal(Clients, await provider.Database.Scalar<long>("SELECT max(sequence) FROM documents"));
        await AuditIsClean(provider);
    }

    private static async Task AuditIsClean(SmallProvider provider)
    {
        var (exitCode, output) = await EngineProcess.Audit(provider.Place);
        Assert.True(exitCode == 0, output);
    }
}
