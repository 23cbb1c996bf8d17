using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

/// <summary>What accounts are asked to do with a statement entry. Asked again, it is the same command.</summary>
internal static class Booking
{
    /// <summary>Books a whole entry that a rule matched.</summary>
    public static Envelope Of(string identity, StatementEntry entry, Money amount, MatchRule rule, string by) =>
        Book(identity, identity, entry, amount, rule, by);

    /// <summary>Has the account take back the payment that a reversal means.</summary>
    public static Envelope Reverse(string identity, StatementEntry entry, string by) => new(
        CommandIds.Derive("reverse-payment", identity),
        new ReversePayment(identity, entry.Amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference),
        by);

    /// <summary>Books a part that a clerk assigned.</summary>
    public static Envelope Of(Assignment assignment, EntryPart part) => Book(
        Subject(assignment, part), assignment.IdentityOf(part), assignment.Entry.Entry, part.Amount, MatchRule.Clerk, assignment.By);

    /// <summary>Has the account take back the payment that a clerk says this reversal means.</summary>
    public static Envelope Reverse(Assignment assignment, EntryPart part)
    {
        var entry = assignment.Entry.Entry;
        return new Envelope(
            CommandIds.Derive("reverse-payment", Subject(assignment, part)),
            new ReversePayment(
                assignment.IdentityOf(part), part.Amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference),
            assignment.By);
    }

    public static Envelope TakeOff(Assignment assignment, EntryPart part) => new(
        CommandIds.Derive("unassign-payment", Subject(assignment, part)),
        new UnassignPayment(assignment.IdentityOf(part), assignment.By, assignment.Reason ?? "assignment undone"),
        assignment.By);

    private static Envelope Book(string subject, string identity, StatementEntry entry, Money amount, MatchRule rule, string by) => new(
        CommandIds.Derive("book-payment", subject),
        new BookPayment(identity, amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference, rule),
        by);

    /// <summary>
    /// What a clerk's command is about. With the generation, because an entry that was taken off an account can be booked there
    /// again, and the account must not take that for a repetition of the first time.
    /// </summary>
    private static string Subject(Assignment assignment, EntryPart part) =>
        string.Create(CultureInfo.InvariantCulture, $"{assignment.IdentityOf(part)}@{assignment.Generation}");
}
