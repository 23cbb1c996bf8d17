using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Identity;

/// <summary>
/// Days of a statement between two balances: one day, or where the file does not date its entries, all days that it is of.
/// </summary>
/// <param name="To">Included.</param>
/// <param name="Opening">Minor units; null where the statement has no balances, or they do not add up.</param>
public readonly record struct BalanceSpan(DateOnly From, DateOnly To, long? Opening, long? Closing)
{
    public bool Holds(DateOnly day) => From <= day && day <= To;

    public bool Overlaps(BalanceSpan other) => From <= other.To && other.From <= To;
}

/// <summary>What a statement claims to tell of: the account, and its days with their balances.</summary>
/// <param name="Id">Assigned by the store, in the order in which statements came.</param>
/// <param name="Account">In the one form in which accounts are compared.</param>
/// <param name="Number">The bank's number of the statement, as written.</param>
/// <param name="Spans">By day; never overlapping.</param>
public sealed record ToldStatement(
    long Id, string Account, Currency Currency, StatementKind Kind, string Format, string? Number, IReadOnlyList<BalanceSpan> Spans)
{
    public DateOnly From => Spans[0].From;

    public DateOnly To => Spans.Max(span => span.To);

    public bool HasBalances => Opening is not null;

    public long? Opening => Spans[0].Opening;

    public long? Closing => Spans[^1].Closing;

    /// <summary>For the clerk: "GPC statement 021 of 2026-11-27".</summary>
    public string Named => FormattableString.Invariant($"{Format} statement{(Number is { } number ? $" {number}" : "")} of {To:yyyy-MM-dd}");
}

/// <summary>Collects a statement's days and balances while its entries stream by.</summary>
public sealed class StatementSurvey
{
    private readonly SortedDictionary<DateOnly, Int128> _days = [];
    private (DateOnly To, Int128 Movement)? _undated;
    private StatementOpened? _opened;
    private StatementEntry? _first;
    private bool _addsUp;

    /// <summary>Entries of the statement so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Whose account the statement is of; null where nobody was asked.</summary>
    public StatementOwner? Owner => _opened?.Owner;

    /// <summary>The own account with nothing added, as a release may know it from a time when nobody had stated its bank.</summary>
    public string? AccountAsWritten => _opened?.AccountAsWritten;

    public string Account => _opened?.Account ?? AccountKey.Of(_first!.OwnAccount);

    public Currency Currency => _opened?.Currency ?? _first!.Amount.Currency;

    public void Open(StatementOpened opened) => _opened = opened;

    public void Take(StatementEntryRead read)
    {
        var entry = read.Entry;
        _first ??= entry;
        Entries++;
        var signed = entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;
        if (read.Facts.IsDatedByStatement && FirstDay() is { } first && first < entry.BookedOn) _undated = (entry.BookedOn, (_undated?.Movement ?? 0) + signed);
        else _days[entry.BookedOn] = _days.GetValueOrDefault(entry.BookedOn) + signed;
    }

    public void Close(StatementClosed closed) => _addsUp =
        closed.Balance == BalanceVerdict.Proven
        || (closed.Balance == BalanceVerdict.NotStated && _opened?.Opening is { } opening && closed.Closing is { } closing && opening.Currency == closing.Currency
            && opening.Minor + _days.Values.Aggregate(_undated?.Movement ?? 0, (sum, day) => sum + day) == closing.Minor);

    /// <param name="id">Assigned by the store.</param>
    public ToldStatement Told(long id, string format) => new(id, Account, Currency, _opened?.Kind ?? StatementKind.Statement, format, _opened?.StatementNumber, Spans());

    /// <summary>
    /// Entries without a date of their own may have moved before or after any that has one: beside them no day has a balance that is known.
    /// </summary>
    private List<BalanceSpan> Spans()
    {
        var spans = new List<BalanceSpan>();
        var balance = _addsUp && (_undated is null || _days.Count == 0) ? _opened!.Opening!.Value.Minor : (long?)null;
        if (_undated is { } undated)
        {
            spans.Add(new BalanceSpan(FirstDay()!.Value, undated.To, balance, balance + (long)undated.Movement));
        }

        foreach (var (day, movement) in _days)
        {
            spans.Add(new BalanceSpan(day, day, balance, balance + (long)movement));
            balance += (long)movement;
        }

        return spans;
    }

    private DateOnly? FirstDay() => _opened?.FirstDay ?? _opened?.OpenedOn?.AddDays(1);
}
