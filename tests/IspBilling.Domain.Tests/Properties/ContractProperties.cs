using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>What holds of contracts, whatever happens to their services.</summary>
public class ContractProperties
{
    private const int Tests = 1_000;

    private static void Holds(Arbitrary<History> histories, Action<History> property) =>
        Prop.ForAll(histories, property).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests).WithMaxRejected(0));

    [Fact]
    public void Contracts_or_none_the_documents_are_the_same_to_the_haler()
    {
        var named = 0;
        Holds(Histories.OfEverything, history => named += RequireTheSame(history));
        Assert.True(named > Tests, $"only {named} lines named a contract");
    }

    private static int RequireTheSame(History history)
    {
        var (without, with) = (Life.Of(history), Contracted(history));

        Assert.Equal(without.Account.Documents.Select(Plain), with.Account.Documents.Select(Plain));
        Assert.Equal(without.Account.State.Balance, with.Account.State.Balance);
        Assert.Equal(without.Account.State.NextBillOn, with.Account.State.NextBillOn);
        Assert.All(with.Account.State.Services.SelectMany(service => service.Charged), segment => Assert.Null(segment.Basis?.Contract));
        return with.Account.Documents.SelectMany(document => document.Lines).Count(line => line.Basis?.Contract is not null);
    }

    [Fact]
    public void What_an_early_end_may_cost_falls_from_day_to_day_and_is_nothing_at_the_end_of_the_term()
    {
        var costly = 0;
        Holds(Histories.OfServices, history => costly += RequireFalling(history));
        Assert.True(costly > Tests, $"only {costly} days on which a share was due");
    }

    private static int RequireFalling(History history)
    {
        var (account, costly) = (Contracted(history).Account, 0);
        if (account.State.FindContract("c1") is not { } contract) return 0;

        EarlyEndProposal? before = null;
        var termEnd = contract.TermEnd!.Value;
        for (var on = contract.Start.AddDays(-3); on <= termEnd.AddDays(3); on = on.AddDays(on > termEnd.AddDays(-20) ? 1 : 17))
        {
            var proposal = EarlyEnd.Propose(account.State, contract, on, account.Context);
            if (on >= termEnd) Assert.True(proposal is { Total.IsZero: true, RemainingGross.IsZero: true, Equipment.IsZero: true, MonthsLeft: 0 });
            Assert.False(proposal.Total.IsNegative);
            Assert.Equal(proposal.Share + proposal.Equipment, proposal.Total);
            Assert.True(proposal.Share <= proposal.RemainingGross);
            if (before is not null)
            {
                Assert.True(proposal.Share <= before.Share, $"on {on:yyyy-MM-dd} {proposal.Share} after {before.Share}");
                Assert.True(proposal.Equipment <= before.Equipment);
                Assert.True(proposal.RemainingGross <= before.RemainingGross);
            }

            before = proposal;
            if (proposal.Share.IsPositive) costly++;
        }

        return costly;
    }

    [Fact]
    public void What_remains_is_what_a_day_by_day_count_says() => Holds(Histories.OfServices, history =>
    {
        var account = Contracted(history).Account;
        if (account.State.FindContract("c1") is not { } contract) return;
        var (on, termEnd) = (account.Today, contract.TermEnd!.Value);
        var proposal = EarlyEnd.Propose(account.State, contract, on, account.Context);
        var remaining = proposal.Remaining.GroupBy(charge => charge.Service).ToDictionary(charges => charges.Key, charges => charges.Sum(charge => charge.Amount.Minor));

        foreach (var service in account.State.Services.Where(service => service.Contract == "c1" && service.End is null))
        {
            var from = on > contract.Start ? on : contract.Start;
            var expected = from >= termEnd || service.Start >= termEnd ? 0 : Owed(service, termEnd, account) - Owed(service, from, account);
            Assert.Equal(expected, remaining.GetValueOrDefault(service.Reference));
        }
    });

    private static long Owed(Service service, DateOnly end, LiveAccount account) => end <= service.Start
        ? 0
        : NaiveBilling.Owed(service with { End = end }, account.Context.Catalogue, through: end, chargedUpTo: default).Sum(stretch => stretch.AmountMinor);

    /// <summary>The same history, with contracts that come, change and go in between, and services that are pushed under another one each time.</summary>
    private static Life Contracted(History history)
    {
        var (life, places) = (new Life(), 0);
        life.Rewrites = command => command is PutService put ? put with { Contract = Pick(life.Account) } : command;
        foreach (var act in history.Acts)
        {
            var place = ++places;
            life.Account.Do(new PutContract(Contract(life.Account.Today, place)));
            if (place % 7 == 0) life.Account.Do(new RemoveContract($"c{place % 3}"));
            foreach (var service in life.Account.State.Services)
            {
                if ((service.Number + place) % 3 == 0) Attach(life.Account, service);
            }

            life.Play(act);
        }

        return life;

        string? Pick(LiveAccount account) => account.State.Contracts is [] ? null : places % 5 == 0 ? null : account.State.Contracts[places % account.State.Contracts.Length].Reference;

        void Attach(LiveAccount account, Service service)
        {
            var terms = service.TermsOn(account.Today > service.Start ? account.Today : service.Start);
            var (changed, due) = (service.ChangedSinceBilled, account.State.NextBillOn);
            account.Do(new PutService(service.Reference, service.Start, service.End, terms.Tariff, terms.Quantity, terms.Cycle, terms.Timing, null, Contract: Pick(account)));
            Assert.All(account.Last.Events, happened => Assert.IsType<ServiceContractSet>(happened));
            Assert.Equal((changed, due), (account.Service(service.Reference).ChangedSinceBilled, account.State.NextBillOn));
        }
    }

    private static Contract Contract(DateOnly today, int place) => new(
        $"c{place % 3}", $"n{place % 3}", null, today.AddDays(-place * 5), null, MinimumMonths: 1 + (place * 7 % 30), NoticeDays: place, null,
        new EarlyEndTerms(place * 731 % 10_001, place % 2 == 0 ? 1 : null, Money.Czk(1_000 + place)));

    /// <summary>All that is printed, booked or recomputed of a document, without the contracts and the versions of events, which there are more of.</summary>
    private static string Plain(Document document) => string.Join(
        '\n',
        document.Lines.Select(line => $"{line with { Basis = Plain(line.Basis), Change = Plain(line.Change) }}")
            .Prepend($"{document with { Lines = [], Vat = [] }}")
            .Concat(document.Vat.Select(total => $"{total}")));

    private static ChargeBasis? Plain(ChargeBasis? basis) => basis is null ? null : basis with { Contract = null, Cause = 0 };

    private static StretchChange? Plain(StretchChange? change) => change is null ? null : change with
    {
        Before = Plain(change.Before),
        Cause = Math.Sign(change.Cause),
        OtherCauses = change.OtherCauses is { } others ? [.. others.Select(other => (long)Math.Sign(other))] : null,
    };
}
