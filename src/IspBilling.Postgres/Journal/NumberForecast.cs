using IspBilling.Domain;

namespace IspBilling.Postgres.Journal;

/// <summary>What a flight takes from one series.</summary>
/// <param name="First">The number the series must still stand at when the flight commits.</param>
internal readonly record struct NumberBlock(SeriesKey Series, long First, int Count, DateOnly LastIssuedOn);

/// <summary>
/// Where each series is expected to stand, so that a flight can be encoded with its numbers before it opens its transaction.
/// The transaction checks the expectation against the series' row and takes the numbers there; when it was wrong the flight is
/// rolled back and flown again from the row. A number therefore exists only if its document does.
/// </summary>
/// <remarks>Used by the dispatching task alone, but for <see cref="Doubt"/>.</remarks>
internal sealed class NumberForecast
{
    private readonly Dictionary<SeriesKey, (long Next, DateOnly LastIssuedOn)> _expected = [];
    private bool _doubtful;

    /// <summary>A flight that took numbers did not commit: the rows know, this forecast does not. Called from any lane.</summary>
    public void Doubt() => Volatile.Write(ref _doubtful, true);

    public bool IsDoubtful => Volatile.Read(ref _doubtful);

    /// <summary>
    /// Forgets what became doubtful. Only while no flight is in the air: one that still holds numbers would meet another with the
    /// same ones, each waiting for the other's lock.
    /// </summary>
    public void Forget()
    {
        Volatile.Write(ref _doubtful, false);
        _expected.Clear();
    }

    public bool Knows(SeriesKey series) => _expected.ContainsKey(series);

    public void Learn(SeriesKey series, long next, DateOnly lastIssuedOn) => _expected[series] = (next, lastIssuedOn);

    public DateOnly LastIssuedOn(SeriesKey series) => _expected[series].LastIssuedOn;

    public long Take(SeriesKey series, DateOnly issuedOn)
    {
        var (next, last) = _expected[series];
        Invariant.Require(issuedOn >= last);
        _expected[series] = (next + 1, issuedOn);
        return next;
    }
}
