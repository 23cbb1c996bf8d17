using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Benchmarks;

/// <summary>
/// A household with three services that has been billed and has paid for a year, and is due again: what a billing run meets a
/// hundred thousand times.
/// </summary>
public sealed class SeasonedAccount
{
    private static readonly DateOnly Joined = new(2025, 1, 1);

    private readonly ProviderWorld _world = new();
    private long _sequence;

    public SeasonedAccount(int services = 3, int months = 12)
    {
        State = AccountState.New(new AccountId(1));
        Do(Joined, new SetProfile(Household));
        for (var i = 0; i < services; i++) Do(Joined, Service(i));
        for (var month = 0; month < months; month++) BillAndPay(Joined.AddMonths(month));
        Due = Joined.AddMonths(months);
        Context = _world.On(Due);
        NextBill = new Bill(Due, Run: null, PreviewOnly: false);
    }

    /// <summary>Before the bill that is due.</summary>
    public AccountState State { get; private set; }

    public DateOnly Due { get; }

    public DecisionContext Context { get; }

    public Bill NextBill { get; }

    /// <summary>The commit of the bill that is due, as the journal gets it.</summary>
    public AccountCommit NextCommit() => Commit(AccountDecider.Decide(State, NextBill, Context), Context);

    private static AccountProfile Household => new(
        IssuerId.Default, "Jana Nováková", new PostalAddress("Dlouhá 12", "Brno", "602 00", "CZ"), CompanyNumber: null, VatNumber: null,
        "jana@example.org", "+420 777 123 456", "cs", DeliveryPreference.Email, SymbolPolicy.PerDocument, AccountSymbol: null,
        AllocationPolicy.NamedThenOldest, DueDays: 14);

    private static PutService Service(int index) => new(
        string.Create(CultureInfo.InvariantCulture, $"S{index + 1}"), Joined, End: null, DemoProvider.Tariffs[index % DemoProvider.Tariffs.Length].Id,
        Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, EffectiveFrom: null);

    private void BillAndPay(DateOnly month)
    {
        Do(month, new Bill(month, Run: null, PreviewOnly: false));
        var invoice = State.Documents[^1];
        Do(month.AddDays(10), new BookPayment(
            invoice.Number, invoice.Total, month.AddDays(10), invoice.Symbol, "2000145399/0800", OrderReference: null, MatchRule.NamedDocument));
    }

    private void Do(DateOnly day, AccountCommand command)
    {
        var context = _world.On(day);
        var decision = AccountDecider.Decide(State, command, context);
        Invariant.Require(!decision.ChangesNothing);
        var commit = Commit(decision, context);
        State = commit.Finish(commit.Unnumbered().Select(_ => ++_sequence).ToArray()).State;
    }

    private AccountCommit Commit(Decision decision, DecisionContext context) => new(
        State.Id, default, Actor.System("benchmark"), new DateTimeOffset(context.Today, TimeOnly.MinValue, TimeSpan.Zero), State,
        new JournalHead(State.Version, []), decision, context);

    private sealed class ProviderWorld
    {
        private readonly TariffCatalogue _catalogue = TariffCatalogue.Of(1, DemoProvider.Tariffs);

        private readonly ImmutableDictionary<IssuerId, Issuer> _issuers =
            ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, DemoProvider.Issuer);

        public DecisionContext On(DateOnly day) => new(day, _catalogue, VatRates.Known, _issuers, DemoProvider.DunningPolicy, 24);
    }
}
