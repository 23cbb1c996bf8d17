using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.StatementImports;

internal static class Booking
{
    /// <summary>The command that books an entry, or a part of it, on an account; the identity makes it the same command every time.</summary>
    public static Envelope Of(string identity, StatementEntry entry, Money amount, MatchRule rule, string by) => new(
        CommandIds.Derive("book-payment", identity),
        new BookPayment(identity, amount, entry.BookedOn, entry.VariableSymbol, entry.CounterAccount, entry.OrderReference, rule),
        by);
}
