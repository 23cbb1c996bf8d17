using System.Collections.Concurrent;
using System.Net;

namespace IspBilling.FaultKit.Clients;

/// <summary>How one attempt ended, as its caller saw it.</summary>
/// <param name="Status">Null when no answer came.</param>
/// <param name="Failure">Why none came: refused, cut, timed out.</param>
/// <param name="Body">Of an answer that is not a success.</param>
public readonly record struct Attempt(HttpStatusCode? Status, string? Failure, string? Body, TimeSpan Took)
{
    public bool IsSuccess => (int?)Status is >= 200 and < 300;

    /// <summary>A run far ahead, whose preview goes on.</summary>
    public bool IsPreviewed => Status == HttpStatusCode.Conflict && Names("preview-unfinished");

    /// <summary>A run far ahead, and what it comes to.</summary>
    public bool WantsConfirmation => Status == HttpStatusCode.UnprocessableEntity && Names("run-far-ahead");

    private bool Names(string problem) => Body?.Contains($"urn:ispbilling:problem:{problem}", StringComparison.Ordinal) is true;

    /// <summary>Says clearly that the same request may be sent again later.</summary>
    public bool MayBeRepeated =>
        Status is null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage;
}

/// <summary>What clients of the API saw.</summary>
public sealed class Tally
{
    private const int UnexpectedMax = 20;
    private readonly ConcurrentDictionary<string, long> _endings = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _unexpected = new();
    private long _requests;
    private long _repeated;
    private long _slowestTicks;
    private long _unexpectedCount;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Attempts beyond the first of an errand.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowestTicks));

    /// <summary>By status, or by why there was none.</summary>
    public IReadOnlyDictionary<string, long> Endings => _endings;

    /// <summary>Answers that no client should get, whatever happens behind the API; some of them.</summary>
    public IReadOnlyCollection<string> Unexpected => _unexpected;

    public long UnexpectedCount => Interlocked.Read(ref _unexpectedCount);

    public long Of(HttpStatusCode status) => _endings.GetValueOrDefault(Name(status));

    public void Add(string request, Attempt attempt, bool isRepeated)
    {
        Interlocked.Increment(ref _requests);
        if (isRepeated) Interlocked.Increment(ref _repeated);
        _endings.AddOrUpdate(attempt.Status is { } status ? Name(status) : attempt.Failure ?? "no answer", 1, static (_, before) => before + 1);
        Raise(attempt.Took.Ticks);
        if (attempt.IsSuccess || attempt.MayBeRepeated || attempt.IsPreviewed || attempt.WantsConfirmation) return;
        Interlocked.Increment(ref _unexpectedCount);
        if (_unexpected.Count < UnexpectedMax) _unexpected.Enqueue($"{request}: {(int?)attempt.Status} {attempt.Body}");
    }

    private void Raise(long ticks)
    {
        long seen;
        while (ticks > (seen = Interlocked.Read(ref _slowestTicks)) && Interlocked.CompareExchange(ref _slowestTicks, ticks, seen) != seen)
        {
        }
    }

    private static string Name(HttpStatusCode status) => ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
