using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace IspBilling.Http.Tests.Support;

/// <summary>Someone with a key, or without one.</summary>
public sealed class KeyHolder : IDisposable
{
    private const int LargeBody = 1 << 20;

    private readonly HttpClient _http;

    public KeyHolder(Uri address, string? key)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, content: null);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, content: null);

    public Task<Answer> Put(string path, object body, string? idempotencyKey = null) =>
        Send(HttpMethod.Put, path, JsonContent.Create(body), idempotencyKey);

    public Task<Answer> Post(string path, object? body = null, string? idempotencyKey = null) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), idempotencyKey);

    public Task<Answer> Text(HttpMethod method, string path, string body, string mediaType = "application/json") =>
        Send(method, path, new StringContent(body, Encoding.UTF8, mediaType));

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null, string? cookie = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        // A server that refuses by the length alone answers and hangs up; whoever is still sending then may not hear the answer.
        if (content?.Headers.ContentLength > LargeBody) request.Headers.ExpectContinue = true;
        using var response = await _http.SendAsync(request);
        return await Answer.Of(response);
    }

    /// <summary>The body of the answer to a request of one's own making.</summary>
    public async Task<string> Body(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public void Dispose() => _http.Dispose();
}

public sealed record Answer(int Status, string? MediaType, string Body, HttpResponseHeaders Headers)
{
    /// <summary>The one value of a header; null when it is not there.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;

    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The value behind a path of members and indexes: <c>errors</c>, <c>items[0].number</c>.</summary>
    public JsonElement this[string path] => path.Split('.', '[').Aggregate(Json, static (element, step) => step.EndsWith(']')
        ? element[int.Parse(step[..^1], System.Globalization.CultureInfo.InvariantCulture)]
        : element.GetProperty(step));

    public string? Text(string path) => this[path].GetString();

    public string? Amount(string path) => this[path].GetProperty("amount").GetString();

    public Answer Must(params int[] allowed)
    {
        Assert.True(allowed.Contains(Status), $"{string.Join(" or ", allowed)} expected, got {Status}: {Body}");
        return this;
    }

    /// <summary>A problem of RFC 9457 with the status in its body too.</summary>
    public Answer MustBeProblem(int status, string? type = null)
    {
        Must(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.StartsWith("urn:ispbilling:problem:", Text("type"), StringComparison.Ordinal);
        if (type is not null) Assert.Equal($"urn:ispbilling:problem:{type}", Text("type"));
        return this;
    }
}
