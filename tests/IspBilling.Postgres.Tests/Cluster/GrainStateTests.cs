using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Cluster;

public sealed class GrainStateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly Grain Run = new(
        IdHash: -17, N0: 0, N1: 5, TypeHash: 23, Type: "Runs.Cursor", Extension: null, Service: "billing");
    private static readonly byte[] Json = "{\"Cursor\":7}"u8.ToArray();
    private static readonly byte[] Bytes = [0, 255, 128, 0];
    private TestDatabase database = null!;
    private StoredQueries queries = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        queries = await StoredQueries.Of(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task State_is_written_on_the_version_that_was_read()
    {
        Assert.Null(await Read(Run));
        Assert.Null(await Write(Run, Json, 1));

        Assert.Equal(1, await Write(Run, Json, null));
        Assert.Null(await Write(Run, Bytes, null));
        Assert.Equal(2, await Write(Run, Bytes, 1));
        Assert.Null(await Write(Run, Json, 1));

        var stored = await Read(Run);
        Assert.Equal(2, stored!.Version);
        Assert.Equal(Bytes, stored.Payload);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task Of_writes_at_once_on_one_version_one_succeeds(int? version)
    {
        if (version is not null) await Write(Run, Json, null);

        var written = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Write(Run, Json, version)));

        Assert.Equal((version ?? 0) + 1, Assert.Single(written, v => v is not null));
    }

    [Fact]
    public async Task Grains_that_share_their_hashes_have_each_their_own_state()
    {
        Grain[] grains =
        [
            Run,
            Run with { N0 = 1 },
            Run with { N1 = 6 },
            Run with { Extension = "" },
            Run with { Extension = "a" },
            Run with { Extension = "A" },
            Run with { Type = "Runs.Shard" },
            Run with { Service = "other" },
        ];

        for (var i = 0; i < grains.Length; i++) Assert.Equal(1, await Write(grains[i], [(byte)i], null));

        for (var i = 0; i < grains.Length; i++) Assert.Equal([(byte)i], (await Read(grains[i]))!.Payload!);
    }

    [Fact]
    public async Task What_was_cleared_goes_on_from_its_version()
    {
        await Write(Run, Json, null);

        Assert.Null(await Clear("ClearStorageKey", Run, 7));
        Assert.Equal(2, await Clear("ClearStorageKey", Run, 1));

        Assert.Equal(new Stored(2, null), await Read(Run));
        Assert.Null(await Write(Run, Json, null));
        Assert.Equal(3, await Write(Run, Json, 2));
    }

    [Fact]
    public async Task What_was_deleted_begins_anew()
    {
        var other = Run with { N1 = 6 };
        await Write(Run, Json, null);
        await Write(other, Json, null);

        Assert.Null(await Clear("DeleteStorageKey", Run, 7));
        Assert.Equal(2, await Clear("DeleteStorageKey", Run, 1));

        Assert.Null(await Read(Run));
        Assert.Equal(1, await Write(Run, Json, null));
        Assert.NotNull(await Read(other));
    }

    private static QueryParameter[] Of(Grain grain) =>
    [
        ("GrainIdHash", grain.IdHash),
        ("GrainIdN0", grain.N0),
        ("GrainIdN1", grain.N1),
        ("GrainTypeHash", grain.TypeHash),
        ("GrainTypeString", grain.Type),
        ("GrainIdExtensionString", grain.Extension),
        ("ServiceId", grain.Service),
    ];

    private async Task<Stored?> Read(Grain grain) => (await queries.Read(
        "ReadFromStorageKey",
        row => new Stored(Convert.ToInt32(row.Get<object>("Version")), row.GetOrNull<byte[]>("PayloadBinary")),
        Of(grain))).SingleOrDefault();

    /// <returns>The new version; null is a conflict.</returns>
    private async Task<int?> Write(Grain grain, byte[] payload, int? version) => (await queries.Read(
        "WriteToStorageKey",
        row => (int?)Convert.ToInt32(row.Get<object>("NewGrainStateVersion")),
        [.. Of(grain), ("GrainStateVersion", version), ("PayloadBinary", payload)])).SingleOrDefault();

    private async Task<int?> Clear(string key, Grain grain, int? version) => (await queries.Read(
        key, row => (int?)Convert.ToInt32(row.GetValue(0)), [.. Of(grain), ("GrainStateVersion", version)])).SingleOrDefault();

    private sealed record Grain(int IdHash, long N0, long N1, int TypeHash, string Type, string? Extension, string Service);

    private sealed record Stored(int Version, byte[]? Payload);
}
