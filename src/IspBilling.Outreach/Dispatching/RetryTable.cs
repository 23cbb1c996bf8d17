using System.Collections.Immutable;

namespace IspBilling.Outreach.Dispatching;

/// <summary>When a message that was refused for now is tried again. Long waits are rows of the outbox, so that no restart forgets them.</summary>
public static class RetryTable
{
    /// <summary>Of each delay, so much at most is added by chance: what failed together is not tried again together.</summary>
    private const double Jitter = 0.2;

    /// <summary>A target that asks for patience is given so much of it at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly ImmutableArray<TimeSpan> Delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2),
        TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(12), Longest,
    ];

    /// <summary>After so many attempts a person decides.</summary>
    public static int MostAttempts => Delays.Length + 1;

    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="chance">From 0 up to 1.</param>
    /// <param name="after">What the target asks for; null when it says nothing.</param>
    /// <returns>Null when it was tried as often as it may be.</returns>
    public static TimeSpan? After(int attempt, double chance, TimeSpan? after = null)
    {
        if (attempt >= MostAttempts) return null;
        var delay = Delays[Math.Max(attempt, 1) - 1];
        if (after is { } asked && asked > delay) delay = asked < Longest ? asked : Longest;
        return delay * (1 + (Jitter * chance));
    }
}
