using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Tests.Coordination;

/// <summary>A provider whose accounts live on several nodes.</summary>
public interface IProviderOnNodes
{
    DateOnly Today { get; }

    IReadOnlyList<AccountId> Clients { get; }

    /// <summary>All accounts, as a caller at one of the nodes asks them.</summary>
    IAccounts Accounts { get; }

    IBillingRunStore Runs { get; }

    IStatementImportStore Imports { get; }

    /// <summary>Stores a run over everybody through today; the nodes find it.</summary>
    Task<RunId> Request(RunMode mode);

    Task<BillingRun> Ended(RunId run);

    /// <summary>Stores a statement's entries as read.</summary>
    Task<StatementImport> Stage(IReadOnlyCollection<StatementEntry> entries);

    Task<StatementImport> Booked(StatementImport staged);

    /// <summary>A moment passes.</summary>
    Task Wait();

    /// <summary>One of the nodes dies and does not come back.</summary>
    Task KillNode();

    /// <summary>Looks for missed turns happen, until so many steps of dunning have been taken.</summary>
    Task UntilReminded(int steps);

    /// <summary>Open invoices, one a client.</summary>
    Task<IReadOnlyList<(AccountId Account, VariableSymbol Symbol, Money Total)>> Invoices();

    /// <summary>How many payments are booked.</summary>
    Task<long> Payments();

    /// <summary>How many steps of dunning were taken.</summary>
    Task<long> Steps();

    /// <summary>What the books' audit finds.</summary>
    Task<IReadOnlyList<string>> Findings();
}

/// <summary>How work is coordinated over several nodes, whatever the nodes are.</summary>
public abstract class CoordinationConformance
{
    private const int Clients = 600;
    private const int Debtors = 30;

    /// <param name="test">Works on a provider whose clients have a service since the beginning of this month and no invoice yet.</param>
    protected abstract Task OnNewProvider(int clients, Func<IProviderOnNodes, Task> test);

    /// <param name="test">Works on a provider whose clients were billed long ago, have not paid, and have no reminder.</param>
    protected abstract Task OnDebtors(int clients, Func<IProviderOnNodes, Task> test);

    [Fact]
    public Task A_run_is_divided_summed_and_proved() => OnNewProvider(Clients, async provider =>
    {
        var preview = await provider.Ended(await provider.Request(RunMode.Preview));
        var run = await provider.Ended(await provider.Request(RunMode.Issue));
        var again = await provider.Ended(await provider.Request(RunMode.Issue));

        Assert.Equal((RunStatus.Finished, (long)Clients, (long)Clients), (run.Status, run.Counts.Issued, run.Counts.Documents));
        Assert.Equal((await provider.Invoices()).Sum(invoice => invoice.Total.Minor), run.Counts.TotalMinor);
        Assert.Equal(run.Counts, preview.Counts);
        Assert.Equal(RunCounts.None, again.Counts);
        await RequireProof(provider, run, Clients);
    });

    [Fact]
    public Task A_run_goes_on_behind_its_cursors_when_a_node_dies() => OnNewProvider(Clients, async provider =>
    {
        var request = await provider.Request(RunMode.Issue);
        var ending = provider.Ended(request);
        while (await provider.Runs.Find(request, CancellationToken.None) is { Counts.Accounts: 0, Status: RunStatus.Running }) await provider.Wait();
        await provider.KillNode();
        var run = await ending;

        Assert.Equal((RunStatus.Finished, (long)Clients, (long)Clients), (run.Status, run.Counts.Issued, run.Counts.Documents));
        await RequireProof(provider, run, Clients);
    });

    [Fact]
    public Task Accounts_that_are_awake_are_billed_by_a_run_and_answer_beside_it() => OnNewProvider(Clients, async provider =>
    {
        var awake = provider.Clients.Where((_, at) => at % 5 == 0).ToList();
        await Task.WhenAll(awake.Select(client => Promise(provider, client, 1)));
        var request = await provider.Request(RunMode.Issue);
        var ending = provider.Ended(request);
        var answered = await Task.WhenAll(provider.Clients.Select(client => Promise(provider, client, 2)));
        var run = await ending;

        Assert.All(answered, reply => Assert.IsType<Done>(reply));
        Assert.Equal((long)Clients, run.Counts.Issued);
        await RequireProof(provider, run, Clients);
    });

    [Fact]
    public Task Waves_are_booked_once_by_the_shards_of_their_accounts() => OnNewProvider(Clients, async provider =>
    {
        await provider.Ended(await provider.Request(RunMode.Issue));
        var payments = await PaymentsOf(provider);
        StatementEntry[] file = [.. payments, TakenBack(payments[0]), payments[1] with { EntryReference = "stranger", VariableSymbol = new VariableSymbol(9_999_999_999) }];

        var import = await provider.Booked(await provider.Stage(file));
        var again = await provider.Booked(await provider.Stage(file));

        var paid = payments.Skip(1).Sum(payment => payment.Amount.Minor);
        Assert.Equal((ImportStatus.Finished, new ImportCounts(Clients + 2, 0, Clients + 1, 1, 0, paid)), (import.Status, import.Counts));
        Assert.Equal(new ImportCounts(Clients + 2, Clients + 2, 0, 0, 0, 0), again.Counts);
        Assert.Equal(Clients, await provider.Payments());
        Assert.Empty(await provider.Findings());
    });

    [Fact]
    public Task An_import_goes_on_behind_its_cursor_when_a_node_dies() => OnNewProvider(Clients, async provider =>
    {
        await provider.Ended(await provider.Request(RunMode.Issue));
        var payments = await PaymentsOf(provider);
        var staged = await provider.Stage(payments);
        var booking = provider.Booked(staged);
        while (await provider.Imports.Find(staged.Id, CancellationToken.None) is { Counts.Matched: 0, Status: ImportStatus.Matching }) await provider.Wait();
        await provider.KillNode();
        var import = await booking;

        Assert.Equal((ImportStatus.Finished, (long)Clients), (import.Status, import.Counts.Matched));
        Assert.Equal(payments.Sum(payment => payment.Amount.Minor), import.Counts.MatchedMinor);
        Assert.Equal(Clients, await provider.Payments());
        Assert.Empty(await provider.Findings());
    });

    [Fact]
    public Task Whoever_missed_a_turn_takes_it_once() => OnDebtors(Debtors, async provider =>
    {
        await provider.UntilReminded(Debtors);
        await provider.Wait();

        Assert.Equal(Debtors, await provider.Steps());
        Assert.Empty(await provider.Findings());
    });

    private static async Task RequireProof(IProviderOnNodes provider, BillingRun run, long due)
    {
        var proof = await provider.Runs.Prove(run, CancellationToken.None);
        Assert.True(proof.IsComplete);
        Assert.Equal((due, run.Counts), (proof.Due, proof.Counts));
        Assert.Empty(await provider.Findings());
    }

    private static async Task<AccountReply> Promise(IProviderOnNodes provider, AccountId client, int time) => await provider.Accounts.Ask(
        client, new Envelope(CommandIds.Derive("promise", $"{client}/{time}"), new PromiseToPay(provider.Today.AddDays(time)), Actor.System("test")), CancellationToken.None);

    private static async Task<List<StatementEntry>> PaymentsOf(IProviderOnNodes provider) =>
    [
        .. (await provider.Invoices()).Select((invoice, at) => new StatementEntry(
            "2000145399/0800", $"entry-{at}", invoice.Total, EntryDirection.Credit, IsReversal: false, provider.Today, provider.Today, CounterAccount: null,
            CounterName: null, invoice.Symbol, null, null, null, null, $"record {at}")),
    ];

    private static StatementEntry TakenBack(StatementEntry payment) =>
        payment with { EntryReference = $"{payment.EntryReference} back", Direction = EntryDirection.Debit, IsReversal = true };
}
