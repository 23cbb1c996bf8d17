using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>
/// Real requests to a real engine: broken bodies, paths, queries and headers, and broken statements. Every answer is a success or a
/// problem that blames the request; nothing is the engine's fault.
/// </summary>
public sealed class EndpointFuzz : IDisposable
{
    private const int Callers = 4;
    private const int FindingsMax = 20;

    /// <summary>One request in so many brings a statement: each takes a transaction.</summary>
    private const int RequestsPerStatement = 10;

    private const string Problem = "application/problem+json";

    private static readonly string[] Queries = ["", "?cursor=", "?limit=", "?search=", "?through=", "?issuer=", "?state="];

    private readonly HttpClient _http;
    private readonly Mutator _bodies;
    private readonly Mutator _statements;
    private readonly Mutator _texts;
    private readonly ConcurrentQueue<FuzzFinding> _findings = new();
    private readonly Lock _lock = new();
    private int _next = -1;
    private long _accepted;
    private long _refused;
    private TimeSpan _slowest;

    public EndpointFuzz(Uri address, string apiKey, IReadOnlyList<byte[]> statements, int seed)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _bodies = new Mutator(RequestSamples.Bodies, seed);
        _statements = new Mutator(statements, seed + 1);
        _texts = new Mutator([.. new[] { "F1", "Jan", "2026-01-01", "2600000001", "MTox", "statement.gpc", "🧾" }.Select(Encoding.UTF8.GetBytes)], seed + 2);
    }

    public async Task<FuzzReport> Run(int requests, Action<long>? progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Call(requests, progress, cancellation)));
        return new FuzzReport(
            "requests to endpoints", _accepted + _refused + _findings.Count, _accepted, _refused, Stopwatch.GetElapsedTime(started), _slowest, 0, [.. _findings]);
    }

    public void Dispose() => _http.Dispose();

    private async Task Call(int requests, Action<long>? progress, CancellationToken cancellation)
    {
        while (Interlocked.Increment(ref _next) is var number && number < requests)
        {
            var random = new Random(number);
            using var request = number % RequestsPerStatement == 0 ? Statement(number) : random.Next(3) == 0 ? Reading(number, random) : Writing(number, random);
            if (request is null) continue;
            var since = Stopwatch.GetTimestamp();
            await Judge(request, number, cancellation);
            var took = Stopwatch.GetElapsedTime(since);
            lock (_lock) if (took > _slowest) _slowest = took;
            progress?.Invoke(number + 1);
        }
    }

    private async Task Judge(HttpRequestMessage request, int number, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _accepted);
                return;
            }

            // What the web server itself cannot parse as HTTP it refuses without words.
            var isWordless = answer.StatusCode == HttpStatusCode.BadRequest && answer.Content.Headers.ContentLength is 0;
            if ((int)answer.StatusCode < 500 && (isWordless || answer.Content.Headers.ContentType?.MediaType == Problem)) Interlocked.Increment(ref _refused);
            else await Find(request, number, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await Find(request, number, failure.ToString());
        }
    }

    private async Task Find(HttpRequestMessage request, int number, string failure)
    {
        if (_findings.Count >= FindingsMax) return;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync();
        _findings.Enqueue(new FuzzFinding("requests to endpoints", number, $"{request.Method} {request.RequestUri}: {failure}", body));
    }

    private HttpRequestMessage? Writing(int number, Random random)
    {
        var body = _bodies.Input(number);
        var (method, path, _) = RequestSamples.All[random.Next(RequestSamples.All.Length)];
        // Usually the path that the body was made for, which is told by what it holds.
        foreach (var sample in RequestSamples.All)
        {
            if (body.AsSpan().StartsWith(Encoding.UTF8.GetBytes(sample.Body[..Math.Min(10, sample.Body.Length)]))) (method, path) = (sample.Method, sample.Path);
        }

        return Request(method, random.Next(10) == 0 ? $"{path[..path.LastIndexOf('/')]}/{Text(number)}" : path, body, "application/json");
    }

    private HttpRequestMessage? Reading(int number, Random random)
    {
        string[] paths = ["/v1/clients", $"/v1/clients/{Text(number)}", "/v1/suspense", $"/v1/documents/{Text(number)}", "/v1/clients/F1/payments", "/v1/billing-runs", $"/v1/{Text(number)}"];
        var query = Queries[random.Next(Queries.Length)];
        return Request(HttpMethod.Get, paths[random.Next(paths.Length)] + query + (query.Length == 0 ? "" : Text(number + 1)), body: null, type: null);
    }

    private HttpRequestMessage? Statement(int number) =>
        Request(HttpMethod.Post, $"/v1/statements?fileName={Text(number)}", _statements.Input(number), "application/octet-stream");

    /// <summary>Escaped byte by byte, so that what is no UTF-8 arrives as it is.</summary>
    private string Text(int number) => string.Concat(_texts.Input(number).Take(400).Select(value => char.IsAsciiLetterOrDigit((char)value) ? ((char)value).ToString() : $"%{value:X2}"));

    /// <summary>Null when the client's own rules do not let it out.</summary>
    private static HttpRequestMessage? Request(HttpMethod method, string path, byte[]? body, string? type)
    {
        if (!Uri.TryCreate(path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = false }, out _) && !Uri.TryCreate(path, UriKind.Relative, out _)) return null;
        var request = new HttpRequestMessage(method, path);
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        return request;
    }
}
