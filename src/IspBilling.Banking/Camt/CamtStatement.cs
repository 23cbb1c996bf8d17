using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>One Stmt element while it is read. Its head is complete when its first entry is: balances come before entries.</summary>
internal sealed class CamtStatement(StatementLimits limits, string fileName, int line)
{
    private StatementBalance? _proof;
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
        var first = items.Count;
        new CamtBooking(entry, Account!, _currency, limits, fileName).Book(items);
        for (var i = first; i < items.Count; i++)
            if (items[i] is StatementEntryRead read) _proof!.Add(read.Entry);
    }

    public void Close(List<StatementItem> items)
    {
        Open(firstEntryCurrency: null, items);
        var closing = InAccountCurrency(Balances.Closing, "closing", items);
        if (_proof!.Check(closing, PositionText) is { } warning) items.Add(warning);
        items.Add(new StatementClosed(Account!, closing, Balances.Closing?.On));
    }

    private void Open(string? firstEntryCurrency, List<StatementItem> items)
    {
        if (_proof is not null) return;
        if (Account is null) throw Refuse("an account (Acct/Id/IBAN or Acct/Id/Othr/Id)");
        _currency = AccountCurrency
            ?? Balances.Opening?.Amount.Currency
            ?? Balances.Closing?.Amount.Currency
            ?? (Currency.TryParse(firstEntryCurrency, out var currency) ? currency : throw Refuse("a currency (Acct/Ccy or a balance)"));

        var warnings = new List<StatementItem>();
        var opening = InAccountCurrency(Balances.Opening, "opening", warnings);
        _proof = new StatementBalance(_currency, opening);
        items.Add(new StatementOpened(Account, _currency, Number, opening, Balances.Opening?.On));
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
