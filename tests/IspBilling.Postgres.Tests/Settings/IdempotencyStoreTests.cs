using System.Security.Cryptography;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Settings;

public sealed class IdempotencyStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Request = SHA256.HashData("POST /v1/runs"u8);
    private static readonly byte[] OtherRequest = SHA256.HashData("POST /v1/runs?"u8);
    private static readonly CallerNumber Crm = new(1);
    private TestDatabase database = null!;
    private IdempotencyStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new IdempotencyStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_key_means_the_request_it_was_first_used_for()
    {
        Assert.Equal(IdempotencyClaim.New, await Claim(Crm, Request));
        Assert.Equal(IdempotencyClaim.Same, await Claim(Crm, Request));
        Assert.Equal(IdempotencyClaim.Different, await Claim(Crm, OtherRequest));
    }

    [Fact]
    public async Task How_the_first_request_was_answered_is_kept_and_stands()
    {
        Assert.Equal(new ClaimedKey(IdempotencyClaim.New, null), await store.Claim(Crm, "key-1", Request, Now, default));
        Assert.Equal(new ClaimedKey(IdempotencyClaim.Same, null), await store.Claim(Crm, "key-1", Request, Now, default));
        await store.Answered(Crm, "key-1", 201, default);
        await store.Answered(Crm, "key-1", 200, default);

        Assert.Equal(new ClaimedKey(IdempotencyClaim.Same, 201), await store.Claim(Crm, "key-1", Request, Now, default));
        Assert.Equal(new ClaimedKey(IdempotencyClaim.Different, null), await store.Claim(Crm, "key-1", OtherRequest, Now, default));
    }

    [Fact]
    public async Task Another_callers_key_is_another_key()
    {
        await Claim(Crm, Request);

        Assert.Equal(IdempotencyClaim.New, await Claim(new CallerNumber(2), OtherRequest));
    }

    [Fact]
    public async Task Of_claims_at_once_exactly_one_is_new()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Claim(Crm, Request)));

        Assert.Single(claims, IdempotencyClaim.New);
        Assert.Equal(11, claims.Count(claim => claim == IdempotencyClaim.Same));
    }

    [Fact]
    public async Task A_forgotten_key_is_new_again()
    {
        await Claim(Crm, Request);

        Assert.Equal(0, await store.Forget(Now, default));
        Assert.Equal(1, await store.Forget(Now.AddSeconds(1), default));
        Assert.Equal(IdempotencyClaim.New, await Claim(Crm, OtherRequest));
    }

    private async Task<IdempotencyClaim> Claim(CallerNumber apiKey, byte[] request) => (await store.Claim(apiKey, "key-1", request, Now, default)).Claim;
}
