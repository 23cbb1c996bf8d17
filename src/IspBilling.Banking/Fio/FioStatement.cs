using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>The meaning of a Fio file, which is the same in JSON and CSV.</summary>
/// <param name="amountText">Makes a number's text invariant: CSV writes a decimal comma.</param>
internal sealed class FioStatement(StatementLimits limits, string fileName, Func<string, string> amountText)
{
    private string _ownAccount = "";
    private Currency _currency;
    private Money? _closing;
    private DateOnly? _closedOn;
    private StatementBalance? _proof;

    public bool IsOpened => _proof is not null;

    /// <summary>Movements so far.</summary>
    public long Records { get; private set; }

    public StatementOpened Open(FioInfo info, long line)
    {
        _ownAccount = info.OwnAccount ?? throw Refuse(line, "accountId and bankId, or iban", null);
        if (!Currency.TryParse(info.CurrencyCode, out _currency)) throw Refuse(line, "currency, three letters", info.CurrencyCode);
        var opening = Balance(info.OpeningBalance, line);
        _closing = Balance(info.ClosingBalance, line);
        _closedOn = Date(info.DateEnd, line);
        _proof = new StatementBalance(_currency, opening);
        return new StatementOpened(_ownAccount, _currency, info.StatementNumber, opening, Date(info.DateStart, line));
    }

    public StatementItem Read(FioMovement movement, long line)
    {
        if (++Records > limits.EntriesMax) throw Refuse(line, $"at most {limits.EntriesMax} entries in a file", "more");
        RequireCurrency(movement[FioColumn.Currency], line);
        var amountColumn = movement[FioColumn.Amount];
        if (amountColumn is null || !Amounts.TryRead(amountText(amountColumn), _currency, out var amount))
            throw Refuse(line, Amounts.Expected, amountColumn);
        if (amount.IsZero) return new StatementWarning("an entry of zero is left out", Position(line));

        var bookedOn = Date(movement[FioColumn.Date], line) ?? throw Refuse(line, "a date", null);
        var symbols = Symbols(movement);
        var entry = new StatementEntry(
            _ownAccount,
            Reference(movement[FioColumn.MovementId], line) ?? throw Refuse(line, "a movement id (22)", null),
            amount.Abs,
            amount.IsNegative ? EntryDirection.Debit : EntryDirection.Credit,
            movement[FioColumn.Type]?.Contains("storno", StringComparison.OrdinalIgnoreCase) ?? false,
            bookedOn,
            bookedOn, // Fio tells one date only
            CounterAccounts.Normal(Reference(movement[FioColumn.CounterAccount], line), Reference(movement[FioColumn.CounterBank], line)),
            Texts.Normal(movement[FioColumn.CounterName] ?? movement[FioColumn.UserIdentification], limits.NameMax),
            symbols.Variable,
            symbols.Constant,
            symbols.Specific,
            Texts.Normal(
                movement[FioColumn.Message] ?? movement[FioColumn.Comment] ?? movement[FioColumn.UserIdentification], limits.MessageMax),
            Reference(movement[FioColumn.OrderId], line),
            Position(line));
        _proof!.Add(entry);
        return new StatementEntryRead(entry);
    }

    public IEnumerable<StatementItem> Close(long line)
    {
        if (_proof!.Check(_closing, Position(line)) is { } warning) yield return warning;
        yield return new StatementClosed(_ownAccount, _closing, _closedOn);
    }

    public StatementFormatException Refuse(long line, string expected, string? found) =>
        new(fileName, Position(line), expected, Printable.Quote(found));

    /// <summary>The symbol columns; a SEPA payment may carry its symbols in the payer's reference instead.</summary>
    private static PaymentSymbols Symbols(FioMovement movement)
    {
        var symbols = new PaymentSymbols();
        symbols.Take("VS", movement[FioColumn.VariableSymbol]);
        symbols.Take("KS", movement[FioColumn.ConstantSymbol]);
        symbols.Take("SS", movement[FioColumn.SpecificSymbol]);
        if (movement[FioColumn.PayerReference] is ['/', ..] reference) symbols.TakeSlashed(reference);
        return symbols;
    }

    private void RequireCurrency(string? code, long line)
    {
        if (code is not null && (!Currency.TryParse(code, out var currency) || currency != _currency))
            throw Refuse(line, $"an amount in {_currency}", code);
    }

    private Money? Balance(string? text, long line)
    {
        if (text is null) return null;
        return Amounts.TryRead(amountText(text), _currency, out var balance) ? balance : throw Refuse(line, Amounts.Expected, text);
    }

    private DateOnly? Date(string? text, long line)
    {
        if (text is null) return null;
        if (BankDates.TryIso(text, out var date) || BankDates.TryCzech(text, out date) || BankDates.TryEpochMilliseconds(text, out date))
            return date;
        throw Refuse(line, "a date as yyyy-mm-dd, dd.mm.yyyy or milliseconds since 1970", text);
    }

    private string? Reference(string? text, long line) => text is null || text.Length <= limits.ReferenceMax
        ? text
        : throw Refuse(line, $"at most {limits.ReferenceMax} characters", text);

    private string Position(long line) => string.Create(CultureInfo.InvariantCulture, $"record {Math.Max(Records, 1)}, line {line}");
}
