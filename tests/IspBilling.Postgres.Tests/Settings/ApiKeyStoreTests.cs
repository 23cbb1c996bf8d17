using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Settings;

public sealed class ApiKeyStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private TestDatabase database = null!;
    private ApiKeyStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new ApiKeyStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_key_is_found_by_what_was_shown_once()
    {
        var (key, plain) = await store.Create("crm", ["clients:write", "runs:read"], Authorship.OfSystem("test", Now), default);

        var found = await store.Find(plain, default);

        Assert.StartsWith("isp_", plain, StringComparison.Ordinal);
        Assert.Equal(4 + 43, plain.Length);
        Assert.Equal((key.Id, "crm", Now), (found!.Id, found.Name, found.CreatedAt));
        Assert.Equal(["clients:write", "runs:read"], found.Scopes);
    }

    [Fact]
    public async Task The_database_does_not_hold_the_key()
    {
        var (_, plain) = await store.Create("crm", [], Authorship.OfSystem("test", Now), default);

        var row = await database.Scalar<string>("SELECT api_keys::text || encode(hash, 'escape') FROM api_keys");

        Assert.DoesNotContain(plain[4..], row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("isp_")]
    [InlineData("isp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("something else")]
    public async Task An_unknown_key_is_nobodys(string plain)
    {
        await store.Create("crm", [], Authorship.OfSystem("test", Now), default);

        Assert.Null(await store.Find(plain, default));
        Assert.Null(await store.Find(plain + new string('x', 1_000_000), default));
    }

    [Fact]
    public async Task A_name_is_given_once_whatever_its_case_and_also_after_the_key_was_revoked()
    {
        var (key, _) = await store.Create("crm", [], Authorship.OfSystem("test", Now), default);
        await Assert.ThrowsAsync<ApiKeyNameTakenException>(() => store.Create("CRM", [], Authorship.OfSystem("test", Now), default));
        await store.Revoke(key.Id, Authorship.OfSystem("test", Now), default);
        await Assert.ThrowsAsync<ApiKeyNameTakenException>(() => store.Create("crm", [], Authorship.OfSystem("test", Now), default));

        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM api_keys"));
    }

    [Fact]
    public async Task A_revoked_key_is_no_longer_good_but_still_listed()
    {
        var (key, plain) = await store.Create("crm", [], Authorship.OfSystem("test", Now), default);
        await store.Create("portal", [], Authorship.OfSystem("test", Now), default);

        Assert.True(await store.Revoke(key.Id, Authorship.OfSystem("test", Now.AddDays(1)), default));
        Assert.True(await store.Revoke(key.Id, Authorship.OfSystem("test", Now.AddDays(2)), default));
        Assert.False(await store.Revoke(new ApiKeyId(99), Authorship.OfSystem("test", Now), default));

        Assert.Null(await store.Find(plain, default));
        Assert.Equal([Now.AddDays(1), null], (await store.List(default, 10, default)).Select(listed => listed.RevokedAt));
    }
}
