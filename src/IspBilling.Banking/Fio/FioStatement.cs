using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>The meaning of a Fio file, which is the same in JSON, XML and CSV.</summary>
/// <param name="amountText">Makes a number's text invariant: CSV writes a decimal comma.</param>
internal sealed class FioStatement(StatementReaderOptions options, string fileName, Func<string, string> amountText)
{
    private const int FioBank = 2010;
    private const int MovementIdDigitsMax = 18;
    private const string PayerReference = "payer's reference";

    private static readonly FioColumn[] TextColumns =
        [FioColumn.Message, FioColumn.Comment, FioColumn.UserIdentification, FioColumn.Specification, FioColumn.PayerReference];

    private readonly StatementLimits _limits = options.Limits;

    /// <summary>What each movement id was told with, so that the same one told again is recognised and another one under its id refused.</summary>
    private readonly Dictionary<long, (Money Amount, DateOnly BookedOn)> _seen = [];

    private string _ownAccount = "";
    private Currency _currency;
    private Money? _closing;
    private DateOnly? _closedOn;

    public bool IsOpened { get; private set; }

    /// <summary>Movements so far.</summary>
    public long Records { get; private set; }

    /// <param name="currencyOfEntries">Where the head names no currency: that of the first movement.</param>
    public StatementOpened Open(FioInfo info, string? currencyOfEntries, long line)
    {
        var currency = info.CurrencyCode ?? currencyOfEntries;
        if (!Currency.TryParse(currency, out _currency)) throw Refuse(line, "currency, three letters", currency);
        _ownAccount = info.OwnAccount ?? TheOnlyOwnAccount() ?? throw RefuseAs(
            line, "an account: a head with accountId and bankId, or the line \"Výpis č. …\"", "column names without one; download the statement with its head");
        var opening = Balance(info.OpeningBalance, line);
        _closing = Balance(info.ClosingBalance, line);
        _closedOn = Date(info.DateEnd, line);
        IsOpened = true;
        var firstDay = Date(info.DateStart, line);
        return new StatementOpened(_ownAccount, _currency, info.StatementNumber, opening, firstDay)
        {
            FirstDay = firstDay, LastDay = _closedOn, Position = Position(line),
        };
    }

    public StatementItem Read(FioMovement movement, long line)
    {
        if (++Records > _limits.EntriesMax) throw RefuseAs(line, $"at most {_limits.EntriesMax} entries in a file", "more");
        RequireCurrency(movement[FioColumn.Currency], line);
        var amountColumn = movement[FioColumn.Amount];
        if (amountColumn is null || !Amounts.TryRead(amountText(amountColumn), _currency, out var amount))
            throw Refuse(line, Amounts.Expected, amountColumn);
        if (amount.IsZero) return new StatementWarning("an entry of zero is left out", Position(line));

        var bookedOn = Date(movement[FioColumn.Date], line) ?? throw Refuse(line, "a date", null);
        var id = MovementId(movement[FioColumn.MovementId], line);
        if (IsToldAgain(id, amount, bookedOn, line)) return new StatementWarning($"movement {id} stands in the file before: it counts once", Position(line));
        var symbols = Symbols(movement);
        var entry = new StatementEntry(
            _ownAccount,
            id,
            amount.Abs,
            amount.IsNegative ? EntryDirection.Debit : EntryDirection.Credit,
            movement[FioColumn.Type]?.Contains("storno", StringComparison.OrdinalIgnoreCase) ?? false,
            bookedOn,
            bookedOn, // Fio tells one date only
            CounterAccounts.Normal(Reference(movement[FioColumn.CounterAccount], line), Reference(movement[FioColumn.CounterBank], line)),
            Texts.Normal(movement[FioColumn.CounterName] ?? movement[FioColumn.UserIdentification], _limits.NameMax),
            symbols.Variable,
            symbols.Constant,
            symbols.Specific,
            Texts.Normal(
                movement[FioColumn.Message] ?? movement[FioColumn.Comment] ?? movement[FioColumn.UserIdentification], _limits.MessageMax),
            Reference(movement[FioColumn.OrderId], line),
            Position(line));
        return new StatementEntryRead(entry)
        {
            Facts = new EntryFacts
            {
                Reference = new BankReference(id, ReferenceTrust.Unique), Messages = Messages(movement), Unused = symbols.Unused,
            },
        };
    }

    public StatementClosed Close() => new(_ownAccount, _closing, _closedOn);

    public StatementFormatException Refuse(long line, string expected, string? found) => RefuseAs(line, expected, Printable.Quote(found));

    /// <param name="what">In our own words, not a piece of the file.</param>
    public StatementFormatException RefuseAs(long line, string expected, string what) => new(fileName, Position(line), expected, what);

    /// <summary>An export of internet banking may begin with the column names. Whose it is can be known only where one account is possible.</summary>
    private string? TheOnlyOwnAccount()
    {
        var ofFio = options.OwnAccounts.Where(own => own.Account.BankCode == FioBank && (own.Currency is null || own.Currency == _currency)).ToList();
        return ofFio.Count == 1 ? ofFio[0].Account.ToString() : null;
    }

    /// <summary>A spreadsheet turns ids into floating numbers, and then many movements share one.</summary>
    private string MovementId(string? text, long line)
    {
        if (text is null) throw Refuse(line, "a movement id (22)", null);
        return text.Length <= MovementIdDigitsMax && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            ? text
            : throw Refuse(line, "a movement id (22) of digits only; a spreadsheet has changed the file, download it again", text);
    }

    private bool IsToldAgain(string id, Money amount, DateOnly bookedOn, long line)
    {
        var number = long.Parse(id, CultureInfo.InvariantCulture);
        if (_seen.TryGetValue(number, out var before))
            return before == (amount, bookedOn) ? true : throw Refuse(line, $"movement {id} as it stands in the file before", string.Create(CultureInfo.InvariantCulture, $"{amount} of {bookedOn:yyyy-MM-dd}"));
        if (_seen.Count == _limits.MovementIdsMax) throw RefuseAs(line, $"at most {_limits.MovementIdsMax} movements in a file", "more");
        _seen.Add(number, (amount, bookedOn));
        return false;
    }

    /// <summary>The symbol columns; a SEPA payment may carry its symbols in the payer's reference instead.</summary>
    private static PaymentSymbols Symbols(FioMovement movement)
    {
        var symbols = new PaymentSymbols();
        symbols.Take("VS", "VS", movement[FioColumn.VariableSymbol]);
        symbols.Take("KS", "KS", movement[FioColumn.ConstantSymbol]);
        symbols.Take("SS", "SS", movement[FioColumn.SpecificSymbol]);
        if (movement[FioColumn.PayerReference] is { } reference && !symbols.TakeLabelled(PayerReference, reference)) symbols.PassOver(PayerReference, reference);
        return symbols;
    }

    private List<string> Messages(FioMovement movement)
    {
        var messages = new List<string>();
        foreach (var column in TextColumns)
            if (Texts.Normal(movement[column], _limits.MessageMax) is { } text && !messages.Contains(text)) messages.Add(text);
        return messages;
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

    private string? Reference(string? text, long line) => text is null || text.Length <= _limits.ReferenceMax
        ? text
        : throw Refuse(line, $"at most {_limits.ReferenceMax} characters", text);

    private string Position(long line) => string.Create(CultureInfo.InvariantCulture, $"record {Math.Max(Records, 1)}, line {line}");
}
