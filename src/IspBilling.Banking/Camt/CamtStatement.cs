using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>One Stmt or Ntfctn element while it is read. Its head is complete when its first entry is: balances come before entries.</summary>
internal sealed class CamtStatement(StatementKind kind, StatementLimits limits, string fileName, int line)
{
    private readonly CamtLeftOut _leftOut = new();
    private bool _isOpened;
    private Currency _currency;

    public string? Id { get; set; }
    public string? ElectronicNumber { get; set; }
    public string? LegalNumber { get; set; }
    public string? Account { get; set; }
    public Currency? AccountCurrency { get; set; }
    public CamtBalances Balances { get; } = new();

    private string PositionText => string.Create(CultureInfo.InvariantCulture, $"statement {Printable.Quote(Number)}, line {line}");

    private string? Number => LegalNumber ?? ElectronicNumber ?? Id;

    public void Book(CamtEntry entry, List<StatementItem> items)
    {
        Open(entry.Currency, items);

        // Pending, future and informational entries have moved no money; a missing status means booked.
        if (entry.Status is not (null or "BOOK"))
        {
            _leftOut.Add(entry.Status);
            return;
        }

        var first = items.Count;
        new CamtBooking(entry, Account!, _currency, limits, fileName).Book(items);
        if (kind == StatementKind.Notification) LeaveOutUnreferenced(items, first);
    }

    public void Close(List<StatementItem> items)
    {
        Open(firstEntryCurrency: null, items);
        if (_leftOut.Warning is { } text) items.Add(new StatementWarning(text, PositionText));
        items.Add(new StatementClosed(Account!, InAccountCurrency(Balances.Closing, "closing", items), Balances.Closing?.On) { LeftOut = _leftOut.Counts });
    }

    /// <summary>
    /// Without the bank's reference nobody can tell that the statement's entry is the same money: what a notification tells so is left to
    /// the statement, which brings it.
    /// </summary>
    private void LeaveOutUnreferenced(List<StatementItem> items, int first)
    {
        for (var i = items.Count - 1; i >= first; i--)
        {
            if (items[i] is not StatementEntryRead { Entry.EntryReference: null }) continue;
            items.RemoveAt(i);
            _leftOut.Add("no bank reference");
        }
    }

    private void Open(string? firstEntryCurrency, List<StatementItem> items)
    {
        if (_isOpened) return;
        _isOpened = true;
        if (Account is null) throw Refuse("an account (Acct/Id/IBAN or Acct/Id/Othr/Id)");
        _currency = AccountCurrency
            ?? Balances.Opening?.Amount.Currency
            ?? Balances.Closing?.Amount.Currency
            ?? (Currency.TryParse(firstEntryCurrency, out var currency) ? currency : throw Refuse("a currency (Acct/Ccy or a balance)"));

        var warnings = new List<StatementItem>();
        var opening = InAccountCurrency(Balances.Opening, "opening", warnings);
        items.Add(new StatementOpened(Account, _currency, Number, opening, Balances.Opening?.On)
        {
            Kind = kind, LastDay = Balances.Closing?.On, Position = PositionText,
        });
        items.AddRange(warnings);
    }

    private Money? InAccountCurrency(CamtBalance? balance, string which, List<StatementItem> items)
    {
        if (balance is not { } known) return null;
        if (known.Amount.Currency == _currency) return known.Amount;
        items.Add(new StatementWarning(
            $"the {which} balance is {known.Amount}, the account is in {_currency}: not compared", PositionText));
        return null;
    }

    private StatementFormatException Refuse(string expected) => new(fileName, PositionText, expected, "nothing");
}
