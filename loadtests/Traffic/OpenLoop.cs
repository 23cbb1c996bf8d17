using System.Diagnostics;

namespace IspBilling.LoadTests.Traffic;

/// <summary>A call as one of many callers makes it.</summary>
/// <param name="Endpoint">Under what name its latency counts.</param>
internal sealed record Call(string Endpoint, HttpMethod Method, string Path, object? Body = null);

/// <summary>
/// Sends calls at a fixed rate, whether or not earlier ones were answered, and times each from the moment it was to be sent: when
/// the engine stalls, everybody who would have called meanwhile waited too.
/// </summary>
internal sealed class OpenLoop(HttpClient http, Func<Call> next, double perSecond, Latencies latencies)
{
    /// <summary>More unanswered calls than any queue of a healthy engine.</summary>
    private const int InFlightMax = 20_000;

    /// <summary>As a timer wakes up, and as soon as it is noticed that the loop is to end.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) Sleep = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));

    private int _inFlight;

    /// <summary>Until cancelled; returns when every call sent has been answered.</summary>
    public async Task Run(CancellationToken until)
    {
        var answers = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0L; !until.IsCancellationRequested;)
        {
            var due = 1 + (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond);
            for (; sent < due; sent++)
            {
                var call = next();
                var intended = started + (long)(sent / perSecond * Stopwatch.Frequency);
                answers.Add(Task.Run(() => Send(call, intended), CancellationToken.None));
            }

            if (Volatile.Read(ref _inFlight) > InFlightMax) throw new InvalidOperationException($"more than {InFlightMax} calls wait for an answer");
            // Not more often than calls are due: each wake-up costs the engine on the same cores.
            var untilNext = TimeSpan.FromSeconds(sent / perSecond) - Stopwatch.GetElapsedTime(started);
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(untilNext.Ticks, Sleep.Least.Ticks, Sleep.Most.Ticks)), CancellationToken.None);
        }

        await Task.WhenAll(answers);
    }

    private async Task Send(Call call, long intended)
    {
        Interlocked.Increment(ref _inFlight);
        string? failure = null;
        try
        {
            using var request = new HttpRequestMessage(call.Method, call.Path);
            if (call.Body is not null) request.Content = System.Net.Http.Json.JsonContent.Create(call.Body);
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            if (!response.IsSuccessStatusCode) failure = $"{call.Method} {call.Path}: {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}";
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            failure = $"{call.Method} {call.Path}: {lost.Message}";
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }

        latencies.Answered(call.Endpoint, Stopwatch.GetElapsedTime(intended).TotalMilliseconds, failure);
    }
}
