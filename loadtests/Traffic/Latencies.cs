using System.Collections.Concurrent;

namespace IspBilling.LoadTests.Traffic;

/// <summary>How long the calls of one endpoint took, from when they were to be sent.</summary>
/// <param name="Failed">Calls that were answered with anything but what was asked for.</param>
public sealed record EndpointLatency(string Endpoint, int Count, int Failed, double P50, double P95, double P99, double Max)
{
    public static EndpointLatency Of(string endpoint, IEnumerable<double> milliseconds, int failed)
    {
        var sorted = milliseconds.Order().ToArray();
        return new EndpointLatency(endpoint, sorted.Length, failed, At(0.5), At(0.95), At(0.99), sorted.Length == 0 ? 0 : sorted[^1]);

        double At(double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}

/// <summary>Collects while calls are in flight.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentDictionary<string, (ConcurrentBag<double> Milliseconds, ConcurrentBag<string> Failures)> _byEndpoint = new(StringComparer.Ordinal);

    public void Answered(string endpoint, double milliseconds, string? failure)
    {
        var (all, failures) = _byEndpoint.GetOrAdd(endpoint, static _ => ([], []));
        all.Add(milliseconds);
        if (failure is not null) failures.Add(failure);
    }

    /// <summary>One of the failures; null when there was none.</summary>
    public string? AnyFailure => _byEndpoint.Values.SelectMany(entry => entry.Failures).FirstOrDefault();

    /// <summary>Of all endpoints.</summary>
    public EndpointLatency Together() => EndpointLatency.Of(
        "all", _byEndpoint.Values.SelectMany(entry => entry.Milliseconds), _byEndpoint.Values.Sum(entry => entry.Failures.Count));

    public IReadOnlyList<EndpointLatency> Table() =>
        [.. _byEndpoint.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => EndpointLatency.Of(entry.Key, entry.Value.Milliseconds, entry.Value.Failures.Count))];
}
