using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Tests.Coordination;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>The coordination on silos of Orleans, as on simulated nodes.</summary>
public sealed class CoordinationOnSilos : CoordinationConformance
{
    /// <summary>Turns of every day have passed soon after midnight; nobody bills by itself.</summary>
    private static readonly ReviewHours Passed = new(new TimeOnly(0, 0), new TimeOnly(0, 0, 1));

    private static readonly DateOnly ThisMonth = new(ProviderCluster.Today.Year, ProviderCluster.Today.Month, 1);
    private static readonly DateOnly LastMonth = ThisMonth.AddMonths(-1);

    protected override async Task OnNewProvider(int clients, Func<IProviderOnNodes, Task> test)
    {
        await using var provider = await ProviderCluster.Start(clients, ThisMonth, Passed);
        await test(new OnSilos(provider));
    }

    protected override async Task OnDebtors(int clients, Func<IProviderOnNodes, Task> test)
    {
        await using var provider = await ProviderCluster.Start(clients, LastMonth, Passed, BillAll, LastMonth);
        await test(new OnSilos(provider));

        static async Task BillAll(IAccounts accounts, IReadOnlyList<AccountId> clients)
        {
            foreach (var client in clients)
                await accounts.Ask(client, new Envelope(new CommandId(Guid.NewGuid()), new Bill(LastMonth, null, false), Actor.System("test")), CancellationToken.None);
        }
    }

    private sealed class OnSilos(ProviderCluster provider) : IProviderOnNodes
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

        public DateOnly Today => ProviderCluster.Today;

        public IReadOnlyList<AccountId> Clients => provider.Clients;

        public IAccounts Accounts => provider.Accounts;

        public IBillingRunStore Runs => provider.Runs;

        public IStatementImportStore Imports => provider.Imports;

        public Task<RunId> Request(RunMode mode) => provider.Request(Today, mode);

        public Task<BillingRun> Ended(RunId run) => provider.Ended(run);

        public Task<StatementImport> Stage(IReadOnlyCollection<StatementEntry> entries) => provider.Stage(entries);

        public Task<StatementImport> Booked(StatementImport staged) => provider.Booking.Match(staged, CancellationToken.None);

        public Task Wait() => Task.Delay(Moment);

        /// <summary>Not the one whose client asks.</summary>
        public Task KillNode() => provider.Cluster.KillSiloAsync(provider.Cluster.Silos[1]);

        public async Task UntilReminded(int steps) => await ProviderCluster.Until(async () => await Steps() >= steps ? "all" : null);

        public async Task<IReadOnlyList<(AccountId Account, VariableSymbol Symbol, Money Total)>> Invoices()
        {
            var invoices = new List<(AccountId, VariableSymbol, Money)>();
            await using var select = provider.Database.Source.CreateCommand("SELECT account_id, symbol, total FROM documents ORDER BY account_id");
            await using var rows = await select.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                invoices.Add((new AccountId(rows.GetInt64(0)), new VariableSymbol(rows.GetInt64(1)), new Money(rows.GetInt64(2), Currency.Czk)));
            return invoices;
        }

        public Task<long> Payments() => provider.Database.Scalar<long>("SELECT count(*) FROM payments");

        public Task<long> Steps() => provider.Database.Scalar<long>("SELECT count(*) FROM journal WHERE name = 'dunning-step-taken.v1'");

        public async Task<IReadOnlyList<string>> Findings() => await provider.Findings();
    }
}
