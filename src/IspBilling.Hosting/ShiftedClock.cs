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

    /// <summary>The text that <see cref="Read"/> understands.</summary>
    public static string Write(DateTimeOffset start) => start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <param name="text">An instant with its offset, such as 2026-03-02T08:00:00Z.</param>
    /// <exception cref="FormatException">It is none; the message names the setting.</exception>
    public static ShiftedClock Read(string text) =>
        // Without an offset the text would mean another moment on every machine.
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var start) && start.Kind != DateTimeKind.Unspecified
            ? new ShiftedClock(new DateTimeOffset(start.ToUniversalTime(), TimeSpan.Zero))
            : throw new FormatException($"ISPBILLING__CLOCK: an instant such as 2026-03-02T08:00:00Z expected, not '{text}'");
}
