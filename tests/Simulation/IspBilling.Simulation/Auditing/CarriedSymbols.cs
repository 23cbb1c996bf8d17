using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// Since when each account carries which symbols, as its own or on a document, and by which numbers its documents are known. Whoever paid before
/// that cannot have meant the account, so no rule may book the payment there by its symbol alone.
/// </summary>
internal sealed class CarriedSymbols
{
    private readonly Dictionary<(AccountId Account, string Symbol), DateOnly> _since = [];
    private readonly HashSet<AccountId> _entered = [];

    public void Read(AccountId account, AccountEvent happened)
    {
        if (happened is ProfileChanged changed)
        {
            // What a client was entered with may be years older than the entry.
            var since = _entered.Add(account) ? DateOnly.MinValue : changed.On;
            if (changed.Profile.AccountSymbol is { } own) Carries(account, own.ToString(), since);
        }

        if (happened is not DocumentIssued { Document: var document }) return;
        if (document.Symbol is { } symbol) Carries(account, symbol.ToString(), document.IssuedOn);
        if (document.Kind == DocumentKind.Invoice) Carries(account, document.Number.TrimStart('0'), document.IssuedOn);
    }

    /// <summary>What is wrong with a payment that a rule booked on an account by its symbol; null when nothing is.</summary>
    public string? Fault(AccountId account, Payment payment)
    {
        if (payment.Rule is not (MatchRule.ExactDocument or MatchRule.NamedDocument or MatchRule.AccountSymbol)) return null;
        // Cash at the desk comes by no statement, and has no symbol.
        if (payment.Symbol is not { } symbol) return null;
        return !_since.TryGetValue((account, symbol.ToString()), out var since)
            ? $"entry {payment.Entry} has symbol {symbol}, which the account never had, and the rule {payment.Rule} booked it"
            : since <= payment.BookedOn
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"entry {payment.Entry} of {payment.BookedOn:yyyy-MM-dd} was booked by symbol {symbol}, which the account has only since {since:yyyy-MM-dd}");
    }

    private void Carries(AccountId account, string symbol, DateOnly since)
    {
        if (!_since.TryGetValue((account, symbol), out var known) || since < known) _since[(account, symbol)] = since;
    }
}
