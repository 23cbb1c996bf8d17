using System.Net.Http.Json;
using IspBilling.Access.People;
using IspBilling.Access.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests.Support;

/// <summary>A person in a browser: with the cookie of a session, if they are signed in, and the header of our own pages.</summary>
public sealed class SignedIn(Uri address) : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    /// <summary>Name and value, as a browser sends it; null while nobody is signed in.</summary>
    public string? Cookie { get; set; }

    /// <summary>Off, a request is like one that another site's page has the browser send.</summary>
    public bool IsOwn { get; init; } = true;

    /// <summary>A person who was invited, has chosen a password and signed in.</summary>
    public static async Task<SignedIn> As(RunningEngine engine, string login, params string[] roles)
    {
        var desk = engine.Host.Services.GetRequiredService<PeopleDesk>();
        var invited = await desk.Invite(login, login.Split('@')[0], roles, Asks.WithAll, CancellationToken.None);
        await desk.Follow(invited.Link!.Token, Password, first: null, CancellationToken.None);
        var person = new SignedIn(engine.Host.Address);
        (await person.SignIn(login, Password)).Must(200);
        return person;
    }

    public async Task<Answer> SignIn(string login, string password, string? code = null)
    {
        var answer = await Send(HttpMethod.Post, "/v1/sign-in", new { login, password, code });
        if (answer.Status == 200) Cookie = answer.Header("Set-Cookie")!.Split(';')[0];
        return answer;
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        if (IsOwn) request.Headers.Add("X-Requested-By", "test");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await _http.SendAsync(request);
        return await Answer.Of(response);
    }

    public void Dispose() => _http.Dispose();
}
