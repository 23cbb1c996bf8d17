using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Mt940;

/// <summary>
/// Turns fields into statement items, without any I/O. A movement waits for the text that follows it. A statement of several pages
/// (<c>:62M:</c>, then <c>:60M:</c> of the same account and balance) is one statement.
/// </summary>
internal sealed class Mt940Parser(StatementLimits limits, string fileName)
{
    private string? _account;
    private string? _number;
    private OpenStatement? _statement;
    private (Mt940Movement Movement, string Position)? _waiting;
    private IReadOnlyList<string> _details = [];
    private long _entries;
    private bool _hasStatement;

    /// <summary>What the fields taken so far have completed; the caller clears it.</summary>
    public List<StatementItem> Items { get; } = [];

    /// <param name="Closing">Known once a page has ended.</param>
    private sealed record OpenStatement(string Account, Currency Currency, DateOnly Day, (Money Amount, DateOnly On)? Closing);

    public void Take(Mt940Field field)
    {
        if (field.Tag == "86" && _waiting is not null && _details.Count == 0)
        {
            _details = field.Lines;
            return;
        }

        if (field.Tag != "NS") Release();
        switch (field.Tag)
        {
            case "20": (_account, _number) = (null, null); break;
            case "25": _account = Mt940Account.Normal(field.Lines[0]) ?? throw Refuse(field, "an account", field.Lines[0]); break;
            case "28" or "28C": _number = Number(field.Lines[0]); break;
            case "34F":
                throw new StatementFormatException(
                fileName, Position(field.Line), "a statement (MT940)", "a report of a day that is not over (MT942): download the statement of the whole day");
            case "60F" or "60M": Open(field); break;
            case "61": TakeMovement(field); break;
            case "62F" or "62M": EndPage(field); break;
        }
    }

    public void End(long line)
    {
        Release();
        if (_statement is null && !_hasStatement)
            throw new StatementFormatException(fileName, Position(Math.Max(line, 1)), "an opening balance (:60F:)", "the end of the file");
        if (_statement is { Closing: null })
            throw new StatementFormatException(fileName, Position(Math.Max(line, 1)), "a closing balance (:62F:)", "the end of the file");
        Close();
    }

    private void Open(Mt940Field field)
    {
        if (_account is null) throw Refuse(field, "an account (:25:) before the opening balance", null);
        var (balance, on) = Balance(field, _statement?.Currency);
        if (_statement is { Closing: null }) throw Refuse(field, "a closing balance (:62F:) before the next opening balance", null);
        if (field.Tag == "60M" && _statement is { Closing: { } page } && _statement.Account == _account && page.Amount == balance)
        {
            _statement = _statement with { Closing = null };
            return;
        }

        Close();
        _hasStatement = true;
        _statement = new OpenStatement(_account, balance.Currency, on, Closing: null);
        Items.Add(new StatementOpened(_account, balance.Currency, _number, balance, on) { Position = Position(field.Line) });
    }

    private void EndPage(Mt940Field field)
    {
        if (_statement is not { Closing: null } statement) throw Refuse(field, "an opening balance (:60F:) before the closing one", null);
        _statement = statement with { Closing = Balance(field, statement.Currency) };
        if (field.Tag == "62F") Close();
    }

    private void Close()
    {
        if (_statement is not { Closing: { } closing } statement) return;
        Items.Add(new StatementClosed(statement.Account, closing.Amount, closing.On));
        _statement = null;
    }

    private void TakeMovement(Mt940Field field)
    {
        if (_statement is not { Closing: null } statement) throw Refuse(field, "an opening balance (:60F:) before a movement", null);
        if (++_entries > limits.EntriesMax) throw new StatementFormatException(fileName, Position(field.Line), $"at most {limits.EntriesMax} entries in a file", "more");
        if (Mt940Movement.TryRead(field.Lines, statement.Currency, statement.Day, out var fault) is not { } movement)
            throw new StatementFormatException(fileName, Position(field.Line), fault!.Expected, fault.Found);
        if (movement.Amount.IsZero) Items.Add(new StatementWarning("an entry of zero is left out", Position(field.Line)));
        else _waiting = (movement, Position(field.Line));
    }

    /// <summary>Gives out the waiting movement with what its :86: says.</summary>
    private void Release()
    {
        if (_waiting is not var (movement, position)) return;
        var details = Mt940Details.Of(_details);
        (_waiting, _details) = (null, []);
        var own = _statement!.Account;
        var counter = details.CounterAccount is { } account && AccountKey.Of(account) != AccountKey.Of(own) ? Bounded(account, position) : null;
        var entry = new StatementEntry(
            own,
            Bounded(movement.BankReference, position),
            movement.Amount,
            movement.Direction,
            movement.IsReversal,
            movement.BookedOn,
            movement.ValueOn,
            counter,
            Texts.Normal(details.CounterName, limits.NameMax),
            details.Symbols.Variable,
            details.Symbols.Constant,
            details.Symbols.Specific,
            Texts.Normal(details.Message ?? movement.Text, limits.MessageMax),
            Bounded(details.OrderReference, position),
            position);
        Items.Add(new StatementEntryRead(entry)
        {
            Facts = new EntryFacts
            {
                Reference = BankReferences.Of(movement.BankReference, own),
                DocumentNumber = Texts.Normal(movement.CustomerReference?.TrimStart('0'), limits.ReferenceMax),
                Messages = Messages(details.Message, movement.Text),
                Unused = details.Symbols.Unused,
            },
        });
    }

    private List<string> Messages(params ReadOnlySpan<string?> texts)
    {
        var messages = new List<string>();
        foreach (var text in texts)
            if (Texts.Normal(text, limits.MessageMax) is { } message && !messages.Contains(message)) messages.Add(message);
        return messages;
    }

    /// <summary>C260201CZK1000,00. A closing balance without a currency is in that of the opening one.</summary>
    private (Money Amount, DateOnly On) Balance(Mt940Field field, Currency? known)
    {
        const int dateStart = 1, currencyStart = 7, amountStart = 10;
        var text = field.Lines[0].AsSpan().Trim();
        if (text is not ['C' or 'D', ..])
        {
            throw text.Length > 0 && char.IsAsciiDigit(text[0])
                ? new StatementFormatException(fileName, Position(field.Line), "C or D before a balance", "no sign: the balance could be a debt as well as money")
                : Refuse(field, "C or D, a date, a currency and an amount", field.Lines[0]);
        }

        if (text.Length < currencyStart || text[dateStart..currencyStart].IndexOfAnyExceptInRange('0', '9') >= 0
            || Mt940Dates.Day(text[dateStart..currencyStart]) is not { } on) throw Refuse(field, "a date as yymmdd", field.Lines[0]);
        var hasCurrency = text.Length > amountStart && !char.IsAsciiDigit(text[currencyStart]);
        var currency = known ?? default;
        if (hasCurrency && (!Currency.TryParse(text[currencyStart..amountStart], out currency) || (known is { } one && field.Tag[..2] == "62" && currency != one)))
            throw Refuse(field, "a currency of three letters, that of the opening balance", field.Lines[0]);
        if (!hasCurrency && known is null) throw Refuse(field, "a currency of three letters", field.Lines[0]);

        var digits = text[(hasCurrency ? amountStart : currencyStart)..].ToString().Replace(',', '.');
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]) || !Amounts.TryRead(digits, currency, out var amount))
            throw Refuse(field, $"{Amounts.Expected}, with a comma", field.Lines[0]);
        return (text[0] == 'D' ? -amount : amount, on);
    }

    /// <summary>The statement's number, without the page that follows it.</summary>
    private static string? Number(string text)
    {
        var number = text.Split('/')[0].Trim();
        return number.Trim('0').Length == 0 ? null : number;
    }

    private string? Bounded(string? text, string position) => text is null || text.Length <= limits.ReferenceMax
        ? text
        : throw new StatementFormatException(fileName, position, $"at most {limits.ReferenceMax} characters", Printable.Quote(text));

    private StatementFormatException Refuse(Mt940Field field, string expected, string? found) =>
        new(fileName, Position(field.Line), expected, Printable.Quote(found));

    private string Position(long line) => string.Create(CultureInfo.InvariantCulture, $"record {Math.Max(_entries, 1)}, line {line}");
}
