using System.Collections.Immutable;

namespace IspBilling.Domain;

internal static class PaymentDecisions
{
    public static Decision Book(Turn turn, BookPayment command)
    {
        if (!command.Amount.IsPositive) return turn.RefuseValue(nameof(BookPayment.Amount), "a payment above 0 expected", RefusalReason.AmountNotPositive);
        var currency = turn.Context.IssuerOf(turn.State.RequiredProfile).Currency;
        if (command.Amount.Currency != currency)
            return turn.Refuse(RefusalReason.CurrencyDiffers, $"the account is billed in {currency}, the payment is in {command.Amount.Currency}");
        if (turn.State.Payments.FirstOrDefault(IsThisEntry) is { } booked) return turn.Reply(Receipt(booked, flagged: null));

        var named = Named(turn.State, command.Symbol);
        var exact = named is not null && named.Open == command.Amount;
        var payment = new Payment(
            turn.State.LastPayment + 1, command.Entry, command.Amount, command.BookedOn, command.Symbol, command.CounterAccount,
            command.OrderReference, Refine(command.Rule, named, exact), PaymentStatus.Booked,
            exact
                ? [new Allocation(named!.Ordinal, command.Amount)]
                : Allocating.Spread(command.Amount, turn.State.Documents, named, turn.State.RequiredProfile.AllocationPolicy)).ComingOn(turn.Today);
        turn.Happened(new PaymentBooked(payment, command.Reason, command.Received));
        DunningDecisions.AfterChange(turn);
        var flagged = turn.State.Status == AccountStatus.Closed && payment.Unallocated.IsPositive ? "credit on a closed account" : null;
        return turn.Reply(Receipt(payment, flagged));

        bool IsThisEntry(Payment payment) => payment.Entry == command.Entry && payment.Status != PaymentStatus.Unassigned;
    }

    public static Decision Reverse(Turn turn, ReversePayment command)
    {
        if (turn.State.Payments.FirstOrDefault(payment => payment.ReversedBy == command.Entry) is { } taken) return turn.Reply(TakenBack(taken));
        if (Original(turn.State, command) is not { } original)
        {
            turn.Happened(new ReversalFoundNothing(command.Entry, command.Amount, turn.Today));
            return turn.Reply(new Refused(RefusalReason.UnknownPayment, $"no payment of {command.Amount} that this entry could take back"));
        }

        turn.Happened(new PaymentReversed(original.Ordinal, command.Entry, turn.Today));
        UseIdleCredit(turn);
        DunningDecisions.AfterChange(turn);
        return turn.Reply(TakenBack(original));
    }

    public static Decision Unassign(Turn turn, UnassignPayment command)
    {
        if (turn.State.Payments.FirstOrDefault(payment => payment.ReversedBy == command.Entry) is { } returned) return Restore(turn, returned, command);
        if (turn.State.Payments.LastOrDefault(payment => payment.Entry == command.Entry) is not { } payment)
            return turn.Refuse(RefusalReason.UnknownPayment, $"the account has no payment of entry '{command.Entry}'");
        if (payment.Status == PaymentStatus.Reversed)
            return turn.Refuse(RefusalReason.UnknownPayment, "the bank has taken that payment back already");
        if (payment.Status == PaymentStatus.Unassigned) return turn.Done();
        if (payment.PaidBack is { } paidBack)
            return turn.Refuse(RefusalReason.PaidBackAlready, $"{paidBack} of the payment went back to the client; undo that first");
        turn.Happened(new PaymentUnassigned(payment.Ordinal, command.Reason, turn.Today));
        UseIdleCredit(turn);
        DunningDecisions.AfterChange(turn);
        return turn.Done();
    }

    /// <summary>The payment that an entry had taken back is here again.</summary>
    private static Decision Restore(Turn turn, Payment returned, UnassignPayment command)
    {
        foreach (var use in returned.Uses ?? [])
        {
            if (Unused(turn.State, use) < use.Amount)
                return turn.Refuse(RefusalReason.NotEnoughCredit, $"the refund that came back was {-returned.Amount}, and its credit has been used since");
        }

        turn.Happened(new PaymentRestored(returned.Ordinal, command.Entry, command.Reason, turn.Today));
        UseIdleCredit(turn);
        DunningDecisions.AfterChange(turn);
        return turn.Done();
    }

    private static Money Unused(AccountState state, CreditUse use) => use.Source == CreditSource.CreditNote
        ? state.FindDocument(use.Ordinal)?.Open ?? Money.Zero(use.Amount.Currency)
        : state.Payments.FirstOrDefault(payment => payment.Ordinal == use.Ordinal)?.Unallocated ?? Money.Zero(use.Amount.Currency);

    /// <summary>Settles documents that became open again from unused credit on the account.</summary>
    internal static void UseIdleCredit(Turn turn)
    {
        var settlements = Credit.Settle(turn.State.Documents, turn.State.Payments, turn.State.RequiredProfile.AllocationPolicy);
        if (!settlements.IsEmpty) turn.Happened(new CreditUsed(settlements, turn.Today));
    }

    /// <summary>The one document that carries the symbol; none when all of the account's documents carry the same.</summary>
    private static OpenDocument? Named(AccountState state, VariableSymbol? symbol)
    {
        if (symbol is null || state.RequiredProfile.AccountSymbol == symbol) return null;
        OpenDocument? named = null;
        foreach (var document in state.Documents)
        {
            if (!document.IsReceivable || document.Symbol != symbol) continue;
            if (named is not null) return null;
            named = document;
        }

        return named ?? Numbered(state, symbol.Value.ToString());
    }

    /// <summary>An invoice that carries another symbol, the account's own, can still be named by its number.</summary>
    private static OpenDocument? Numbered(AccountState state, string number)
    {
        foreach (var document in state.Documents)
        {
            if (document.IsReceivable && document.Number == number) return document;
        }

        return null;
    }

    private static MatchRule Refine(MatchRule found, OpenDocument? named, bool exact)
    {
        if (found is not (MatchRule.NamedDocument or MatchRule.AccountSymbol or MatchRule.ExactDocument)) return found;
        if (named is null) return MatchRule.AccountSymbol;
        return exact ? MatchRule.ExactDocument : MatchRule.NamedDocument;
    }

    /// <summary>The bank's own reference is decisive; only without one are other particulars compared.</summary>
    private static Payment? Original(AccountState state, ReversePayment command) =>
        Youngest(state, command, payment => command.OrderReference is not null && payment.OrderReference == command.OrderReference)
        ?? Youngest(state, command, payment => LooksAlike(payment, command));

    private static Payment? Youngest(AccountState state, ReversePayment command, Func<Payment, bool> isOriginal)
    {
        for (var i = state.Payments.Length - 1; i >= 0; i--)
        {
            var payment = state.Payments[i];
            if (payment.Status == PaymentStatus.Booked && payment.PaidBack is null && payment.Amount == command.Amount && isOriginal(payment)) return payment;
        }

        return null;
    }

    private static bool LooksAlike(Payment payment, ReversePayment command)
    {
        if (command.OrderReference is not null && payment.OrderReference is not null) return false;
        if (command.Symbol is not null) return payment.Symbol == command.Symbol;
        return command.CounterAccount is not null && payment.CounterAccount == command.CounterAccount;
    }

    private static PaymentTakenBack TakenBack(Payment payment) => new(payment.Ordinal, payment.Rule);

    private static PaymentReceipt Receipt(Payment payment, string? flagged) =>
        new(payment.Ordinal, payment.Rule, payment.Allocations, payment.Unallocated, flagged);
}
