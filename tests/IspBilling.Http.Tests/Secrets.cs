using IspBilling.Access.Ring;
using IspBilling.Http.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>Secrets of others go in and never come out.</summary>
public sealed class Secrets(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Token = "a token of the bank";

    [Fact]
    public async Task A_secret_is_entered_listed_and_removed_and_no_answer_tells_it()
    {
        var owner = engine.Operator;

        (await owner.Put("/v1/secrets/fio%2F19-2000145399", new { secret = Token, reason = "a new account" })).Must(204);

        Assert.Equal(Token, await engine.Host.Services.GetRequiredService<SecretStore>().Find("fio/19-2000145399", CancellationToken.None));
        var list = (await owner.Get("/v1/secrets")).Must(200);
        Assert.Equal("fio/19-2000145399", list.Json[0].GetProperty("name").GetString());
        var journal = (await owner.Get("/v1/settings/journal?kind=secret")).Must(200);
        Assert.Equal(("a new account", "apiKey"), (journal.Text("items[0].reason"), journal.Text("items[0].by.kind")));
        foreach (var answer in (Answer[])[list, journal]) Assert.DoesNotContain(Token, answer.Body, StringComparison.Ordinal);
        (await owner.Delete("/v1/secrets/fio%2F19-2000145399")).Must(204);
        (await owner.Delete("/v1/secrets/fio%2F19-2000145399")).Must(404);
    }

    [Theory]
    [InlineData("Fio", "x", "name")]
    [InlineData("fio", "", "secret")]
    public async Task What_is_no_name_or_no_secret_is_named(string name, string secret, string field) =>
        Assert.True((await engine.Operator.Put($"/v1/secrets/{name}", new { secret })).Must(400)["errors"].TryGetProperty(field, out _));
}
