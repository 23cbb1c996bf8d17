using System.Globalization;

namespace IspBilling.Domain;

/// <summary>Business dates <c>[From, To)</c>: the last day charged is the day before <see cref="To"/>.</summary>
public readonly record struct Period
{
    public DateOnly From { get; }
    public DateOnly To { get; }

    public Period(DateOnly from, DateOnly to)
    {
        Invariant.Require(from < to);
        From = from;
        To = to;
    }

    /// <param name="lastDay">Belongs to the period.</param>
    public static Period Through(DateOnly from, DateOnly lastDay) => new(from, lastDay.AddDays(1));

    /// <summary>So many days up to and including the last one.</summary>
    public static Period Ending(DateOnly lastDay, int days) => Through(lastDay.AddDays(1 - days), lastDay);

    public int Days => To.DayNumber - From.DayNumber;

    public DateOnly LastDay => To.AddDays(-1);

    public bool Contains(DateOnly day) => From <= day && day < To;

    public bool Covers(Period other) => From <= other.From && other.To <= To;

    public bool Overlaps(Period other) => From < other.To && other.From < To;

    public Period? Intersect(Period other)
    {
        var from = From > other.From ? From : other.From;
        var to = To < other.To ? To : other.To;
        return from < to ? new Period(from, to) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{From:yyyy-MM-dd}, {To:yyyy-MM-dd})");
}
