namespace IspBilling.Banking.Folder;

/// <summary>The days that a statement tells of, both included.</summary>
/// <param name="Account">In the form in which accounts are compared.</param>
public sealed record CoveredDays(string Account, DateOnly From, DateOnly To);

/// <summary>A day on which the bank books and of which no statement has come.</summary>
public readonly record struct MissingDay(string Account, DateOnly Day);

/// <summary>Which days have no statement. A gap is not seen in the files that came, so it is looked for in the calendar.</summary>
public static class StatementDays
{
    /// <summary>Days further back are no news.</summary>
    public const int DaysBack = 31;

    /// <summary>From an account's first statement, or a month ago, to yesterday; only days on which the bank books.</summary>
    /// <param name="isBankDay">Monday to Friday without public holidays, as far as the caller knows them.</param>
    public static IReadOnlyList<MissingDay> Missing(IEnumerable<CoveredDays> covered, DateOnly today, Func<DateOnly, bool> isBankDay)
    {
        var missing = new List<MissingDay>();
        foreach (var account in covered.GroupBy(days => days.Account, StringComparer.Ordinal).OrderBy(days => days.Key, StringComparer.Ordinal))
        {
            var first = account.Min(days => days.From);
            for (var day = Later(first, today.AddDays(-DaysBack)); day < today; day = day.AddDays(1))
                if (isBankDay(day) && !account.Any(days => days.From <= day && day <= days.To)) missing.Add(new MissingDay(account.Key, day));
        }

        return missing;
    }

    public static bool IsWeekday(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
