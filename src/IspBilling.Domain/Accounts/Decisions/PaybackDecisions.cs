using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Money that goes back to the client: credit refunded, and payments that the bank or a clerk returns.</summary>
/// <remarks>What went out is always somebody's credit in full, so that no debt stands on an account without a document.</remarks>
internal static class PaybackDecisions
{
    public static Decision Refund(Turn turn, BookRefund command)
    {
        if (!command.Amount.IsPositive) return turn.RefuseValue(nameof(BookRefund.Amount), "a refund above 0 expected", RefusalReason.AmountNotPositive);
        var currency = turn.Context.IssuerOf(turn.State.RequiredProfile).Currency;
        if (command.Amount.Currency != currency)
            return turn.Refuse(RefusalReason.CurrencyDiffers, $"the account is billed in {currency}, the refund is in {command.Amount.Currency}");
        if (Standing(turn.State, command.Entry) is { } booked) return turn.Reply(Receipt(turn.State, booked));
        if (Credit.Refund(command.Amount, turn.State.Documents, turn.State.Payments) is not { } uses)
            return turn.Refuse(RefusalReason.NotEnoughCredit, $"a refund of {command.Amount}, and the account has credit of {CreditOf(turn.State, currency)}");

        var refund = new Payment(
            turn.State.LastPayment + 1, command.Entry, -command.Amount, command.BookedOn, command.Symbol, command.CounterAccount,
            command.OrderReference, command.Rule, PaymentStatus.Booked, [], Uses: uses).ComingOn(turn.Today);
        turn.Happened(new MoneyPaidBack(refund, [], command.Reason));
        return turn.Reply(Receipt(turn.State, refund));
    }

    public static Decision Return(Turn turn, ReturnPayment command)
    {
        if (command.Amount.IsZero) return turn.RefuseValue(nameof(ReturnPayment.Amount), "a return above 0 expected", RefusalReason.AmountNotPositive);
        if (turn.State.Payments.FirstOrDefault(payment => payment.ReversedBy == command.Entry) is { } taken)
            return turn.Reply(new PaymentTakenBack(taken.Ordinal, taken.Rule));
        if (command.Amount.IsNegative) return ComeBack(turn, command);
        if (Standing(turn.State, command.Entry) is { Uses: [var use] } partly) return turn.Reply(new PaymentTakenBack(use.Ordinal, partly.Rule));
        if (turn.State.Payments.FirstOrDefault(payment => payment.Ordinal == command.Payment) is not { IsOutgoing: false } original)
            return turn.Refuse(RefusalReason.UnknownPayment, $"the account has no payment {command.Payment} that could go back");
        if (original.Status != PaymentStatus.Booked)
            return turn.Refuse(RefusalReason.UnknownPayment, $"payment {original.Ordinal} is {original.Status} already");
        if (command.Amount.Currency != original.Amount.Currency)
            return turn.Refuse(RefusalReason.CurrencyDiffers, $"payment {original.Ordinal} is in {original.Amount.Currency}, the return in {command.Amount.Currency}: state what it is worth");
        if (command.Amount > original.Left)
            return turn.Refuse(RefusalReason.PaidBackAlready, $"{original.Left} are left of payment {original.Ordinal}, and {command.Amount} would go back");

        if (command.Amount == original.Amount) turn.Happened(new PaymentReversed(original.Ordinal, command.Entry, turn.Today, command.Reason));
        else turn.Happened(PartOf(turn, original, command));
        PaymentDecisions.UseIdleCredit(turn);
        DunningDecisions.AfterChange(turn);
        return turn.Reply(new PaymentTakenBack(original.Ordinal, original.Rule));
    }

    /// <summary>A refund did not reach the client, and is credit again. The bank may have kept something of it, but it was the whole refund.</summary>
    private static Decision ComeBack(Turn turn, ReturnPayment command)
    {
        if (turn.State.Payments.FirstOrDefault(payment => payment.Ordinal == command.Payment) is not { IsOutgoing: true } refund)
            return turn.Refuse(RefusalReason.UnknownPayment, $"the account has no refund {command.Payment} that could come back");
        if (refund.Status != PaymentStatus.Booked)
            return turn.Refuse(RefusalReason.UnknownPayment, $"refund {refund.Ordinal} is {refund.Status} already");
        if (command.Amount.Currency != refund.Amount.Currency)
            return turn.Refuse(RefusalReason.CurrencyDiffers, $"refund {refund.Ordinal} is in {refund.Amount.Currency}, what came back in {command.Amount.Currency}: state what it is worth");
        if (command.Amount != refund.Amount)
            return turn.Refuse(RefusalReason.UnknownPayment, $"refund {refund.Ordinal} was {-refund.Amount}, and comes back whole, not {-command.Amount}; what the bank kept is its fee");
        turn.Happened(new PaymentReversed(refund.Ordinal, command.Entry, turn.Today, command.Reason));
        PaymentDecisions.UseIdleCredit(turn);
        DunningDecisions.AfterChange(turn);
        return turn.Reply(new PaymentTakenBack(refund.Ordinal, refund.Rule));
    }

    /// <summary>Credit of the payment goes first; then it lets go of documents, the one it settled last before the others.</summary>
    private static MoneyPaidBack PartOf(Turn turn, Payment original, ReturnPayment command)
    {
        var released = ImmutableArray.CreateBuilder<Allocation>();
        var missing = command.Amount - original.Unallocated;
        for (var i = original.Allocations.Length - 1; i >= 0 && missing.IsPositive; i--)
        {
            var part = Money.Min(missing, original.Allocations[i].Amount);
            released.Add(original.Allocations[i] with { Amount = part });
            missing -= part;
        }

        var paidBack = new Payment(
            turn.State.LastPayment + 1, command.Entry, -command.Amount, command.BookedOn, original.Symbol, original.CounterAccount, original.OrderReference,
            MatchRule.Clerk, PaymentStatus.Booked, [], Uses: [new CreditUse(CreditSource.Payment, original.Ordinal, command.Amount)]).ComingOn(turn.Today);
        return new MoneyPaidBack(paidBack, released.DrainToImmutable(), command.Reason);
    }

    private static Payment? Standing(AccountState state, string entry) =>
        state.Payments.FirstOrDefault(payment => payment.Entry == entry && payment.Status == PaymentStatus.Booked && payment.IsOutgoing);

    private static PaymentReceipt Receipt(AccountState state, Payment refund) =>
        new(refund.Ordinal, refund.Rule, [], CreditOf(state, refund.Amount.Currency), Flagged: null);

    private static Money CreditOf(AccountState state, Currency currency) =>
        state.Payments.Sum(currency, payment => payment.Unallocated)
        + state.Documents.Where(document => document.IsCredit).Sum(currency, note => note.Open);
}
