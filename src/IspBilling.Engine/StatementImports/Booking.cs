using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

/// <summary>What accounts are asked to do with a statement entry. Asked again, it is the same command.</summary>
internal static class Booking
{
    /// <summary>What a rule found for a whole entry: a payment, a refund, or something that came back.</summary>
    public static Envelope Of(string identity, StatementEntry entry, MatchRule rule, Actor by)
    {
        if (entry.IsReversal) return Reverse(identity, identity, entry, entry.Amount, by);
        return entry.Direction == EntryDirection.Credit
            ? Book(identity, identity, entry, new EntryPart(1, default, entry.Amount), rule, reason: null, by)
            : Refund(identity, identity, entry, entry.Amount, rule, reason: null, by);
    }

    /// <summary>A part of what a clerk, or a later look at suspense, decided.</summary>
    public static Envelope Of(Assignment assignment, EntryPart part)
    {
        var (entry, subject, identity) = (assignment.Entry.Entry, Subject(assignment, part), assignment.IdentityOf(part));
        // While parts are taken off and put back, the step's reason is not the assignment's.
        var reason = assignment.Step == AssignmentStep.Booking ? assignment.Reason : null;
        if (part.Payment is { } payment) return Return(subject, identity, entry, part, payment, assignment.By, reason ?? "assigned again");
        // A clerk who books incoming money on an account means money that came in, whatever the bank calls it.
        if (entry.IsReversal && (entry.Direction == EntryDirection.Debit || assignment.Rule != MatchRule.Clerk))
            return Reverse(subject, identity, entry, part.Worth, assignment.By);
        return entry.Direction == EntryDirection.Credit
            ? Book(subject, identity, entry, part, assignment.Rule, reason, assignment.By)
            : Refund(subject, identity, entry, part.Worth, assignment.Rule, reason, assignment.By);
    }

    public static Envelope TakeOff(Assignment assignment, EntryPart part) => new(
        CommandIds.Derive("unassign-payment", Subject(assignment, part)),
        new UnassignPayment(assignment.IdentityOf(part), assignment.Reason ?? "assignment undone"),
        assignment.By);

    private static Envelope Book(string subject, string identity, StatementEntry entry, EntryPart part, MatchRule rule, string? reason, Actor by) => new(
        CommandIds.Derive("book-payment", subject),
        new BookPayment(
            identity, part.Worth, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference, rule, reason,
            part.Stated is null ? null : part.Amount),
        by);

    private static Envelope Refund(string subject, string identity, StatementEntry entry, Money amount, MatchRule rule, string? reason, Actor by) => new(
        CommandIds.Derive("book-refund", subject),
        new BookRefund(identity, amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference, rule, reason),
        by);

    /// <summary>Of money that came in: a refund that came back.</summary>
    private static Envelope Return(string subject, string identity, StatementEntry entry, EntryPart part, int payment, Actor by, string reason) => new(
        CommandIds.Derive("return-payment", subject),
        new ReturnPayment(identity, payment, entry.Direction == EntryDirection.Debit ? part.Worth : -part.Worth, entry.BookedOn, reason),
        by);

    /// <summary>Money that comes in by a reversal is a refund that came back.</summary>
    private static Envelope Reverse(string subject, string identity, StatementEntry entry, Money amount, Actor by) => new(
        CommandIds.Derive("reverse-payment", subject),
        new ReversePayment(
            identity, entry.Direction == EntryDirection.Debit ? amount : -amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount,
            entry.OrderReference),
        by);

    /// <summary>
    /// What a command about a part is about. With the generation, because an entry that was taken off an account can be booked there
    /// again, and the account must not take that for a repetition of the first time.
    /// </summary>
    private static string Subject(Assignment assignment, EntryPart part) =>
        string.Create(CultureInfo.InvariantCulture, $"{assignment.IdentityOf(part)}@{assignment.Generation}");
}
