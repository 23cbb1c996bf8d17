using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Local;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Runs;

namespace IspBilling.LoadTests.Hosts;

/// <summary>The host of one machine, whose accounts are mailboxes: only for the comparison with a node.</summary>
internal sealed class LocalHostOnBed(LoadBed bed) : IAccountsHost
{
    private readonly LocalAccounts _accounts = new(bed.Journal, bed.Context, new LocalAccountsOptions());

    public IAccounts Accounts => _accounts;

    public IStatementBooking Booking => new StatementImporter(
        new AccountBatches(_accounts), new PostgresStatementImportStore(bed.Database), TimeProvider.System, new StatementImporterOptions());

    public Task<BillingRun> Bill(BillingRun run, Action<BillingRun>? progress, CancellationToken cancellation) =>
        new BillingRunner(_accounts, new PostgresBillingRunStore(bed.Database), bed.Context, TimeProvider.System, new BillingRunnerOptions())
            .Execute(run, progress, cancellation);

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();
}
