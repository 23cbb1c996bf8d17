using System.Globalization;
using System.Net;

namespace IspBilling.Banking.FioPulling;

public sealed record FioApiOptions
{
    /// <summary>Where the bank serves its API; ends with a slash.</summary>
    public Uri Address { get; init; } = new("https://fioapi.fio.cz/v1/rest/");

    /// <summary>The bank answers one call per token in so much time, and 409 to any more.</summary>
    public TimeSpan BetweenCalls { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Somebody else may use the same token: so often a 409 is waited out.</summary>
    public int TriesMax { get; init; } = 4;

    /// <summary>A day of a large provider has a few megabytes; the bank gives at most 50,000 movements at once.</summary>
    public long AnswerBytesMax { get; init; } = 256 * 1024 * 1024;
}

/// <summary>
/// Fio's API for one token. Calls wait for their turn, so that the bank's pause between two of them is kept; use one object for a token.
/// </summary>
/// <param name="http">From <see cref="CreateClient"/>: what logs or traces addresses would tell the token.</param>
public sealed class FioApi(HttpClient http, FioToken token, TimeProvider clock, FioApiOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long? _lastCall;

    /// <summary>A client that follows no redirect, which could carry the token elsewhere, and leaves no trace of addresses.</summary>
    public static HttpClient CreateClient(FioApiOptions options)
    {
        if (options.Address.Scheme != Uri.UriSchemeHttps && !options.Address.IsLoopback)
            throw new ArgumentException("The token stands in the address: only https keeps it secret.", nameof(options));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null };
        return new HttpClient(handler, disposeHandler: true) { BaseAddress = options.Address };
    }

    /// <summary>Everything booked from one day to another, both included. Further back than 90 days the bank wants a person to sign in.</summary>
    public Task Period(DateOnly from, DateOnly to, Stream into, CancellationToken cancellation) => Call(
        string.Create(CultureInfo.InvariantCulture, $"periods/{token.Text}/{from:yyyy-MM-dd}/{to:yyyy-MM-dd}/transactions.json"), into, cancellation);

    /// <summary>An official statement by its number within the year.</summary>
    public Task Statement(int year, int number, Stream into, CancellationToken cancellation) => Call(
        string.Create(CultureInfo.InvariantCulture, $"by-id/{token.Text}/{year}/{number}/transactions.json"), into, cancellation);

    /// <summary>What was booked since the last download. The bank moves its mark as it answers, whether or not the answer arrives.</summary>
    public Task Last(Stream into, CancellationToken cancellation) => Call($"last/{token.Text}/transactions.json", into, cancellation);

    /// <summary>Sets the bank's mark: the next download begins behind this movement.</summary>
    public Task SetLast(long movement, CancellationToken cancellation) =>
        Call(string.Create(CultureInfo.InvariantCulture, $"set-last-id/{token.Text}/{movement}/"), Stream.Null, cancellation);

    public void Dispose() => _turn.Dispose();

    private async Task Call(string path, Stream into, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await WaitForTurn(cancellation);
                using var response = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (response.StatusCode == HttpStatusCode.Conflict && attempt < options.TriesMax) continue;
                if (response.StatusCode != HttpStatusCode.OK) throw new FioApiException(response.StatusCode);
                await Copy(response, into, cancellation);
                return;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The pause counts from the last call, whatever became of it.</summary>
    private async Task WaitForTurn(CancellationToken cancellation)
    {
        if (_lastCall is { } last && options.BetweenCalls - clock.GetElapsedTime(last) is { Ticks: > 0 } left) await Task.Delay(left, clock, cancellation);
        _lastCall = clock.GetTimestamp();
    }

    private async Task Copy(HttpResponseMessage response, Stream into, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await body.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            total += read;
            if (total > options.AnswerBytesMax) throw new FioApiException($"The bank's answer is longer than {options.AnswerBytesMax} bytes.");
            await into.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }
}

/// <summary>The bank did not give what was asked for. The message says what an operator can do and holds no address.</summary>
public sealed class FioApiException : Exception
{
    public FioApiException(HttpStatusCode status) : base(Explain(status)) => Status = status;

    public FioApiException(string message) : base(message)
    {
    }

    public HttpStatusCode? Status { get; }

    private static string Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Conflict => "Fio answered 409 again and again: another program uses the same token; give each its own.",
        HttpStatusCode.NotFound => "Fio answered 404: there is no such statement, or the token is not valid.",
        HttpStatusCode.InternalServerError => "Fio answered 500: the token is not valid, has expired or is not active yet (five minutes after it was made).",
        HttpStatusCode.RequestEntityTooLarge => "Fio answered 413: more than 50,000 movements; ask for a shorter period.",
        HttpStatusCode.UnprocessableEntity => "Fio answered 422: data older than 90 days; allow them in internet banking for ten minutes.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Fio answered {(int)status}."),
    };
}
