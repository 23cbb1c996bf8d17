using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Reviews;

namespace IspBilling.Simulation.Tests.Mutants;

/// <summary>Tax is rounded line by line and then summed.</summary>
internal sealed class RoundsTaxPerLine : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is DocumentIssued issued ? issued with { Document = PerLine(issued.Document) } : happened);

    private static Document PerLine(Document document)
    {
        var vat = document.Lines.Select(line => Vat.Total(line.VatCategory, line.VatRate, line.PriceMode, line.Amount))
            .GroupBy(total => (total.Category, total.Rate, total.PriceMode))
            .Select(group => group.Aggregate((sum, total) => sum with { Base = sum.Base + total.Base, Tax = sum.Tax + total.Tax }))
            .ToImmutableArray();
        return document with { Vat = vat, Total = vat.Sum(document.Currency, total => total.Gross) };
    }
}

/// <summary>A credit note is taxed by itself, whatever its originals have left.</summary>
internal sealed class TaxesCreditsByThemselves : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is DocumentIssued { Document.Kind: DocumentKind.CreditNote } issued
            ? issued with { Document = ByItself(issued.Document) }
            : happened);

    private static Document ByItself(Document note)
    {
        var vat = note.Vat.Select(total => Vat.Total(total.Category, total.Rate, total.PriceMode, total.PriceMode == PriceMode.Net ? total.Base : total.Gross))
            .ToImmutableArray();
        return note with { Vat = vat, Total = vat.Sum(note.Currency, total => total.Gross) };
    }
}

/// <summary>Whatever is billed counts as supplied in the month of the bill.</summary>
internal sealed class DatesSuppliesByIssue : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is DocumentIssued issued
            ? issued with { Document = issued.Document with { SuppliedOn = issued.Document.IssuedOn, Lines = [.. issued.Document.Lines.Select(line => line with { SuppliedOn = null })] } }
            : happened);
}

/// <summary>A service is put under a contract that nobody signed.</summary>
internal sealed class NamesUnknownContract : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is ServiceContractSet { Contract: not null } set ? set with { Contract = "nobody's" } : happened);
}

/// <summary>Lines do not say which contract their service belongs to.</summary>
internal sealed class ForgetsContractOfLine : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is DocumentIssued issued
            ? issued with { Document = issued.Document with { Lines = [.. issued.Document.Lines.Select(line => line with { Basis = line.Basis is { } basis ? basis with { Contract = null } : null })] } }
            : happened);
}

/// <summary>A payment that the bank takes back is taken off the account twice.</summary>
internal sealed class ReversesTwice : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var decision = base.Decide(state, command, context);
        return decision.With(state, decision.Events.SelectMany(happened => happened is PaymentReversed ? [happened, happened] : new[] { happened }));
    }
}

/// <summary>A refund leaves the credit that it pays back in place, for the next invoice to use once more.</summary>
internal sealed class RefundsAndKeepsCredit : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var decision = base.Decide(state, command, context);
        return command is not BookRefund ? decision : decision.WithEach(state, happened =>
            happened is MoneyPaidBack back ? back with { Payment = back.Payment with { Uses = [] } } : happened);
    }
}

/// <summary>What the bank kept of a return is taken off the client's payment.</summary>
internal sealed class ChargesFeeToClient : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var decision = base.Decide(state, command, context);
        return command is not ReturnPayment ? decision : decision.WithEach(state, happened => happened is MoneyPaidBack { Payment: { Uses: [var use] } part } back
            ? back with { Payment = part with { Amount = part.Amount - Haler(part), Uses = [use with { Amount = use.Amount + Haler(part) }] } }
            : happened);
    }

    private static Money Haler(Payment payment) => new(1, payment.Amount.Currency);
}

/// <summary>Where one tariff follows another, the last day of the old is the first of the new.</summary>
internal sealed class BillsDayTwiceAtChange : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened =>
            happened is DocumentIssued issued ? issued with { Recharged = [.. issued.Recharged.Select(Longer)] } : happened);

    private static Recharged Longer(Recharged recharged)
    {
        var segments = recharged.Segments;
        for (var i = 1; i < segments.Length; i++)
        {
            var (before, after) = (segments[i - 1], segments[i]);
            if (before.Tariff != after.Tariff && before.Period.To == after.Period.From)
                return recharged with { Segments = segments.SetItem(i - 1, before with { Period = new Period(before.Period.From, before.Period.To.AddDays(1)) }) };
        }

        return recharged;
    }
}

/// <summary>Pauses are billed as if there were none.</summary>
internal sealed class BillsPauses : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        if (command is not Bill) return base.Decide(state, command, context);
        var decision = base.Decide(state with { Services = [.. state.Services.Select(service => service with { Pauses = [] })] }, command, context);
        return decision.With(state, decision.Events);
    }
}

/// <summary>Whatever is entered into the catalogue reaches back to what is invoiced.</summary>
internal sealed class RepricesWhatIsInvoiced : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var tariffs = context.Catalogue.Tariffs.Values.Select(tariff => tariff with { Versions = [.. tariff.Versions.Select(version => version with { Reprices = true })] });
        return base.Decide(state, command, context with { Catalogue = TariffCatalogue.Of(context.Catalogue.Revision, tariffs) });
    }
}

/// <summary>A credit note takes back a haléř more than it should.</summary>
internal sealed class CreditsTooMuch : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened =>
            happened is DocumentIssued { Document.Kind: DocumentKind.CreditNote } issued ? issued with { Document = More(issued.Document) } : happened);

    private static Document More(Document note)
    {
        var lines = note.Lines.SetItem(0, note.Lines[0] with { Amount = note.Lines[0].Amount - new Money(1, note.Currency) });
        var vat = note.Vat.SetItem(note.Vat.ToList().FindIndex(total => total.Group == VatGroup.Of(lines[0])), Vat.Total(lines[0].VatCategory, lines[0].VatRate, lines[0].PriceMode, MoreOf(note)));
        return note with { Lines = lines, Vat = vat, Total = vat.Sum(note.Currency, total => total.Gross) };
    }

    private static Money MoreOf(Document note)
    {
        var total = note.Vat.First(total => total.Group == VatGroup.Of(note.Lines[0]));
        return (total.PriceMode == PriceMode.Net ? total.Base : total.Gross) - new Money(1, note.Currency);
    }
}

/// <summary>A payment settles one haléř more than it is.</summary>
internal sealed class AllocatesTooMuch : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context) =>
        base.Decide(state, command, context).WithEach(state, happened => happened is PaymentBooked { Payment: { Unallocated.IsZero: true } payment } booked
            ? booked with { Payment = payment with { Allocations = payment.Allocations.SetItem(0, Plus(payment.Allocations[0])) } }
            : happened);

    private static Allocation Plus(Allocation allocation) => allocation with { Amount = allocation.Amount + new Money(1, allocation.Amount.Currency) };
}

/// <summary>Every step of dunning is taken three days early, and need not wait for the one before.</summary>
internal sealed class EscalatesEarly : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var policy = context.DunningPolicy;
        var eager = policy with { Steps = [.. policy.Steps.Select(step => step with { DaysOverdue = Math.Max(1, step.DaysOverdue - 3), LeastDaysSincePrevious = 0 })] };
        return base.Decide(state, command, context with { DunningPolicy = eager });
    }
}

/// <summary>Who promised to pay is reminded all the same.</summary>
internal sealed class DunsPromised : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        if (command is not Review) return base.Decide(state, command, context);
        var decision = base.Decide(state with { Dunning = state.Dunning with { PromisedUntil = null } }, command, context);
        return decision.With(state, decision.Events);
    }

    public override IReviewStore Wrap(IReviewStore store) => new OnceDue(store);

    /// <summary>Keeps on asking whoever was due once: nobody asks an account before its promise has lapsed otherwise.</summary>
    private sealed class OnceDue(IReviewStore store) : IReviewStore
    {
        private readonly SortedSet<AccountId> _seen = [];

        public async ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation)
        {
            _seen.UnionWith((await store.DueAfter(today, default, int.MaxValue, cancellation)).Select(due => due.Account));
            return [.. _seen.Where(account => after == default || account.CompareTo(after.Account) > 0).Select(account => new DueReview(today, account)).Take(max)];
        }
    }
}

/// <summary>Who pays is not restored.</summary>
internal sealed class ForgetsToRestore : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var decision = base.Decide(state, command, context);
        return command is BookPayment
            ? decision.With(state, decision.Events.Where(happened => happened is not (DunningCleared or ServiceLevelChanged))) with { Messages = [] }
            : decision;
    }
}

/// <summary>The level is what the last step or clearing said, whatever is still open.</summary>
internal sealed class TakesLevelFromEvents : Sabotage
{
    public override Decision Decide(AccountState state, AccountCommand command, DecisionContext context)
    {
        var decision = base.Decide(state, command, context);
        if (decision.Events.Any(happened => happened is DunningStepTaken or DunningCleared or RestoredByHand)) return decision;
        var kept = decision.Events.Where(happened => happened is not ServiceLevelChanged).ToList();
        return decision.With(state, kept) with { Messages = decision.Messages.RemoveAll(message => message is EnforceServiceLevel) };
    }
}

/// <summary>Credit notes post no tax.</summary>
internal sealed class ForgetsPosting : Sabotage
{
    public override ImmutableArray<Posting> Post(AccountState before, AccountEvent happened) => happened is DocumentIssued { Document.Kind: DocumentKind.CreditNote }
        ? base.Post(before, happened).RemoveAll(posting => posting.Account == LedgerAccount.Vat)
        : base.Post(before, happened);
}
