using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.BillingRuns;

public sealed class RunsOnPostgres : BillingRunConformance
{
    private TestDatabase _database = null!;
    private PostgresJournal _journal = null!;

    /// <summary>Whatever a test did, it leaves clean books.</summary>
    public override async Task DisposeAsync()
    {
        await _journal.DisposeAsync();
        var findings = (await LedgerAudit.Run(_database.Source, progress: null, CancellationToken.None)).Findings;
        await _database.DisposeAsync();
        Assert.Empty(findings);
    }

    protected override async Task<(IJournal Journal, IBillingRunStore Store)> Open()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _journal = Over(_database);
        return (_journal, new PostgresBillingRunStore(_database.Source));
    }

    protected override Task CutConnections() => _database.CutConnections();

    private static PostgresJournal Over(TestDatabase database) => new(database.Source, new PostgresJournalOptions());

    protected override async Task<IReadOnlyList<(AccountId Account, RunOutcome Outcome, ulong Hash)>> ItemsOf(RunId run)
    {
        await using var select = _database.Source.CreateCommand("SELECT account_id, outcome, hash FROM billing_run_items WHERE run = $1 ORDER BY account_id");
        select.Parameters.Add(new() { Value = run.Value });
        await using var row = await select.ExecuteReaderAsync();
        var items = new List<(AccountId, RunOutcome, ulong)>();
        while (await row.ReadAsync()) items.Add((new AccountId(row.GetInt64(0)), (RunOutcome)row.GetInt16(1), unchecked((ulong)row.GetInt64(2))));
        return items;
    }

    protected override async Task<IReadOnlyList<(AccountId Account, int Service, Period Period)>> Charges()
    {
        await using var select = _database.Source.CreateCommand("SELECT account_id, service, period_from, period_to FROM document_lines ORDER BY account_id, document, line");
        await using var row = await select.ExecuteReaderAsync();
        var charges = new List<(AccountId, int, Period)>();
        while (await row.ReadAsync())
            charges.Add((new AccountId(row.GetInt64(0)), row.GetInt32(1), new Period(row.GetFieldValue<DateOnly>(2), row.GetFieldValue<DateOnly>(3))));
        return charges;
    }
}
