using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace IspBilling.FaultKit.Clients;

/// <summary>Sends requests and takes down how each ended; nothing that happens behind the API is an exception here.</summary>
public sealed class EngineClient : IDisposable
{
    /// <summary>More than the engine's own patience with its database, so that its answer is heard.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly Tally _tally;

    /// <param name="engines">Addresses; asked in turn.</param>
    public EngineClient(ImmutableArray<Uri> engines, string apiKey, Tally tally)
    {
        _tally = tally;
        _http = new HttpClient(new RoundRobin(engines, new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(10) }))
        {
            BaseAddress = engines[0], Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public async Task<Attempt> Send(HttpRequestMessage request, bool isRepeated)
    {
        var started = Stopwatch.GetTimestamp();
        var attempt = await Answer(request, started);
        _tally.Add($"{request.Method} {request.RequestUri}", attempt, isRepeated);
        return attempt;
    }

    public async Task<Attempt> Get(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await Send(request, isRepeated: false);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Attempt> Answer(HttpRequestMessage request, long started)
    {
        try
        {
            using var answer = await _http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
            var took = Stopwatch.GetElapsedTime(started);
            if (answer.IsSuccessStatusCode) return new Attempt(answer.StatusCode, null, null, took);

            // A status alone, without the problem that explains it, is as unexpected as a wrong one.
            return isProblem ? new Attempt(answer.StatusCode, null, body, took) : new Attempt(HttpStatusCode.InternalServerError, null, $"no problem: {(int)answer.StatusCode} {body}", took);
        }
        catch (HttpRequestException away)
        {
            return new Attempt(null, RoundRobin.IsRefusal(away) ? "connection refused" : "connection cut", null, Stopwatch.GetElapsedTime(started));
        }
        catch (IOException)
        {
            return new Attempt(null, "connection cut", null, Stopwatch.GetElapsedTime(started));
        }
        catch (TaskCanceledException)
        {
            return new Attempt(null, "timed out", null, Stopwatch.GetElapsedTime(started));
        }
    }
}
