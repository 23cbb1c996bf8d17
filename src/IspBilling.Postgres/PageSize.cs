namespace IspBilling.Postgres;

/// <summary>How many rows one read hands out, whatever is asked for.</summary>
public static class PageSize
{
    /// <summary>For lists that people and API clients leaf through.</summary>
    public const int ForReading = 1_000;

    /// <summary>For the engine's own pages of work.</summary>
    public const int ForWork = 100_000;

    internal static int Reading(int max) => Math.Clamp(max, 1, ForReading);

    /// <remarks>
    /// A caller that works page by page takes a short page for the last one, so a larger page is refused, never shortened.
    /// </remarks>
    internal static int Work(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ForWork);
        return max;
    }
}
