using System.Net;
using System.Net.Sockets;
using System.Text;
using IspBilling.Domain;
using IspBilling.Outreach.Sending;

namespace IspBilling.Outreach.Sms;

/// <summary>A message for a gateway.</summary>
/// <param name="Id">The same at each attempt.</param>
/// <param name="To">E.164.</param>
/// <param name="Callback">Where its receipts go; null when nowhere.</param>
public sealed record SmsMessage(DeliveryId Id, string To, string Text, SmsEncoding Encoding, string Sender, string? Callback);

/// <summary>
/// Talks to one gateway as its target describes it. What is certain not to have arrived is a refusal; an answer that was lost, or that says
/// nothing that can be understood, leaves the outcome unknown.
/// </summary>
public sealed class SmsGateway : IDisposable
{
    /// <summary>Bytes of an answer that are read.</summary>
    private const int MaxAnswer = 64 * 1024;

    /// <summary>A gateway that asks for more than a day is asked again after a day.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <summary>A key is renewed so long before it ends.</summary>
    private static readonly TimeSpan TokenReserve = TimeSpan.FromSeconds(30);

    private readonly SmsTarget _target;
    private readonly Func<string, CancellationToken, ValueTask<string?>> _secret;
    private readonly TimeProvider _clock;
    private readonly ConnectPolicy _policy;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _tokenTurn = new(1, 1);
    private (string Token, DateTimeOffset Until)? _token;

    /// <param name="secret">By name; null when there is none.</param>
    public SmsGateway(SmsTarget target, ConnectPolicy connect, Func<string, CancellationToken, ValueTask<string?>> secret, TimeProvider clock)
    {
        _target = target;
        _secret = secret;
        _clock = clock;
        _policy = connect with { Allowed = [.. connect.Allowed, .. target.AllowedNetworks.Select(IPNetwork.Parse)] };
        _http = Client((endpoint, cancellation) => _policy.Connect(endpoint, cancellation));
    }

    /// <param name="begin">Asked right before the request leaves; when it says no, nothing is sent.</param>
    public async ValueTask<SendResult> Send(SmsMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation)
    {
        HttpRequestMessage request;
        try
        {
            request = await Request(_target.Request, Values(message), cancellation);
        }
        catch (RequestFormException missing)
        {
            // Somebody can mend it, so the message waits.
            return new SendResult.Refused($"the request to {_target.Name} cannot be made: {missing.Message}", IsPermanent: false);
        }
        catch (Exception e) when (IsOfTheTarget(e, cancellation))
        {
            return new SendResult.Refused($"{_target.Name} gives no key: {Told(e)}", IsPermanent: false);
        }

        using (request)
        {
            if (!await begin(cancellation)) return new SendResult.Refused("another dispatcher has it in hand", IsPermanent: false);
            return await Exchange(request, cancellation);
        }
    }

    /// <summary>Asks what became of a message.</summary>
    /// <param name="receipt">What the gateway calls it.</param>
    /// <returns>Null when it is not decided yet, or the gateway did not say.</returns>
    public async ValueTask<SmsReceipt?> Ask(string receipt, CancellationToken cancellation)
    {
        if (_target.Poll is not { } poll) return null;
        try
        {
            using var request = await Request(poll.Request, new Dictionary<string, string>(StringComparer.Ordinal) { ["receipt"] = receipt }, cancellation);
            using var timeout = Patience(cancellation);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            if (!answer.IsSuccessStatusCode) return null;
            return SmsReceipts.Of(poll.Receipt, GatewayText.Read(poll.Receipt.Form, await Text(answer, timeout.Token)));
        }
        catch (Exception e) when (e is RequestFormException || IsOfTheTarget(e, cancellation))
        {
            return null;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _tokenTurn.Dispose();
    }

    private async ValueTask<SendResult> Exchange(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var timeout = Patience(cancellation);
        using var once = request.Content is null ? Once() : null;
        HttpResponseMessage answer;
        try
        {
            answer = await (once ?? _http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        }
        catch (Exception e) when (IsOfTheTarget(e, cancellation))
        {
            return NeverConnected(e)
                ? new SendResult.Refused($"{_target.Name} is not reached: {Told(e)}", IsPermanent: false)
                : new SendResult.Unknown($"{_target.Name} was asked to send it and did not answer: {Told(e)}");
        }

        using (answer)
        {
            string? text;
            try
            {
                text = await Text(answer, timeout.Token);
            }
            catch (Exception e) when (IsOfTheTarget(e, cancellation))
            {
                text = null;
            }

            return Meaning(answer, text);
        }
    }

    /// <param name="text">Null when it was lost on the way.</param>
    private SendResult Meaning(HttpResponseMessage answer, string? text)
    {
        var status = (int)answer.StatusCode;
        var form = _target.Answer;
        var said = text is null ? null : GatewayText.Read(form.Form, text);
        var error = form.ErrorAt is { } errorAt ? said?.At(errorAt) : null;
        var told = $"{_target.Name} answered {status}{(error is null ? "" : $", {error}")}{(form.ErrorTextAt is { } textAt && said?.At(textAt) is { } words ? $": {words}" : "")}";
        if (answer.StatusCode == HttpStatusCode.Unauthorized) _token = null;
        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) return new SendResult.Refused(told, IsPermanent: false, Pause(answer));
        if (status is >= 300 and < 500)
        {
            // What was asked for elsewhere (3xx) or not at all (4xx) was not sent.
            var isPermanent = status >= 400 && (form.PermanentStatuses.Contains(status) || GatewayText.IsWhole(error, form.PermanentErrors));
            return new SendResult.Refused(told, isPermanent);
        }

        if (status is >= 200 and < 300)
        {
            if (IsAccepted(form, said, error)) return new SendResult.Accepted(Id(form, said));
            if (error is null) return new SendResult.Unknown(text is null ? $"{told}, and the rest of its answer was lost" : $"{told}, and its answer is not understood");
        }

        return error is null
            ? new SendResult.Unknown($"{told}, which does not say whether it was sent")
            : new SendResult.Refused(told, GatewayText.IsWhole(error, form.PermanentErrors));
    }

    private static bool IsAccepted(SmsAnswer form, GatewayText? said, string? error)
    {
        if (form.AcceptedAt is not { } place) return error is null;
        if (error is not null && form.ErrorAt != place) return false;
        return GatewayText.IsWhole(said?.At(place), form.Accepted);
    }

    private static string? Id(SmsAnswer form, GatewayText? said)
    {
        var whole = form.IdAt is { } place ? said?.At(place) : null;
        return form.IdPattern is { } pattern ? GatewayText.Within(whole, pattern) : whole;
    }

    private TimeSpan? Pause(HttpResponseMessage answer)
    {
        var after = answer.Headers.RetryAfter;
        var pause = after?.Delta ?? (after?.Date is { } date ? date - _clock.GetUtcNow() : null);
        return pause is not { } asked || asked <= TimeSpan.Zero ? null : asked < LongestPause ? asked : LongestPause;
    }

    private async ValueTask<HttpRequestMessage> Request(SmsRequest template, Dictionary<string, string> values, CancellationToken cancellation)
    {
        foreach (var name in RequestTemplate.Placeholders(template))
        {
            if (name == "token") values[name] = await Token(cancellation);
            else if (name.StartsWith(RequestTemplate.SecretPrefix, StringComparison.Ordinal) && await _secret(name[RequestTemplate.SecretPrefix.Length..], cancellation) is { } secret) values[name] = secret;
        }

        return RequestTemplate.Make(template, values);
    }

    private Dictionary<string, string> Values(SmsMessage message) => new(StringComparer.Ordinal)
    {
        ["id"] = message.Id.ToString(),
        ["to"] = message.To,
        ["digits"] = message.To.TrimStart('+'),
        ["text"] = message.Text,
        ["sender"] = message.Sender,
        ["encoding"] = message.Encoding == SmsEncoding.Gsm7 ? _target.Gsm7Word : _target.Ucs2Word,
        ["callback"] = message.Callback ?? "",
    };

    /// <summary>The key that the gateway gives for some time; asked for once, whoever waits for it.</summary>
    private async ValueTask<string> Token(CancellationToken cancellation)
    {
        var form = _target.Token ?? throw new RequestFormException("the target has no key");
        await _tokenTurn.WaitAsync(cancellation);
        try
        {
            if (_token is { } known && known.Until > _clock.GetUtcNow()) return known.Token;
            using var request = await Request(form.Request, new Dictionary<string, string>(StringComparer.Ordinal), cancellation);
            using var timeout = Patience(cancellation);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var said = GatewayText.Read(SmsAnswerForm.Json, await Text(answer, timeout.Token));
            if (!answer.IsSuccessStatusCode || said.At(form.TokenAt) is not { } token) throw new HttpRequestException($"it answered {(int)answer.StatusCode} when asked for a key");
            var seconds = double.TryParse(said.At(form.SecondsAt), System.Globalization.CultureInfo.InvariantCulture, out var told) ? Math.Clamp(told, 0, 86_400) : 60;
            _token = (token, _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds) - TokenReserve);
            return token;
        }
        finally
        {
            _tokenTurn.Release();
        }
    }

    private static HttpClient Client(Func<DnsEndPoint, CancellationToken, Task<Stream>> connect) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) => await connect(context.DnsEndPoint, cancellation),
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would connect in our place, past the check of addresses.
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 32,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// For a request without a body. When a connection ends without an answer, the handler connects again and sends such a request once more,
    /// since a GET is supposed to change nothing; here the message would go out four times.
    /// </summary>
    private HttpClient Once()
    {
        var connected = 0;
        return Client((endpoint, cancellation) => Interlocked.Increment(ref connected) == 1 ? _policy.Connect(endpoint, cancellation) : throw new AskedTwiceException());
    }

    /// <summary>The answer to a request was lost, and it was about to be sent again.</summary>
    private sealed class AskedTwiceException() : Exception("the connection ended without an answer");

    private CancellationTokenSource Patience(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(TimeSpan.FromSeconds(_target.TimeoutSeconds));
        return source;
    }

    private static async Task<string> Text(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[MaxAnswer];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }

    /// <summary>What goes wrong with a target; our own end is none of it.</summary>
    private static bool IsOfTheTarget(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static bool NeverConnected(Exception e) => e.InnerException is not AskedTwiceException && (e.InnerException is AddressRefusedException || e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    });

    private static string Told(Exception e) => e switch
    {
        { InnerException: AddressRefusedException or AskedTwiceException } => e.InnerException.Message,
        OperationCanceledException => "no answer in time",
        HttpRequestException { InnerException: { } inner } => inner.Message,
        _ => e.Message,
    };
}
