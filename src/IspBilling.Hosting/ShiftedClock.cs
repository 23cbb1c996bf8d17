using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IspBilling.Hosting;

/// <summary>
/// A business clock that starts at a given moment and runs on from there, for tests of whole processes and for trying out a month's end.
/// Its timers and timestamps are the machine's.
/// </summary>
public sealed class ShiftedClock : TimeProvider
{
    private readonly TimeSpan _ahead;

    public ShiftedClock(DateTimeOffset start) => _ahead = start - base.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    /// <summary>The text that <see cref="TryRead"/> understands.</summary>
    public static string Write(DateTimeOffset start) => start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <param name="text">An instant with its offset, such as 2026-03-02T08:00:00Z; without one it would mean another moment on every machine.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out ShiftedClock? clock)
    {
        clock = DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var start) && start.Kind != DateTimeKind.Unspecified
            ? new ShiftedClock(new DateTimeOffset(start.ToUniversalTime(), TimeSpan.Zero))
            : null;
        return clock is not null;
    }
}
