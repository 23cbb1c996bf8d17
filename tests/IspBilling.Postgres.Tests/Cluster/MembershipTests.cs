using System.Data.Common;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Cluster;

public sealed class MembershipTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Cluster = "billing";
    private const int Joining = 2;
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly DateTime Start = new(2026, 5, 1, 8, 0, 0, DateTimeKind.Utc);
    private static readonly Silo First = new("10.0.0.1", 11111, 151);
    private static readonly Silo Second = new("fe80::2", 11111, 152);
    private TestDatabase database = null!;
    private StoredQueries queries = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        queries = await StoredQueries.Of(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_cluster_begins_once_and_with_nobody()
    {
        Assert.True(await Begin());
        Assert.False(await Begin());

        Assert.Equal([new Row(0, null)], await ReadAll());
        Assert.Equal([new Row(0, null)], await ReadOne(First));
    }

    [Fact]
    public async Task A_silo_joins_on_the_version_it_has_read_and_once()
    {
        await Begin();

        Assert.True(await Join(First, 0));
        Assert.False(await Join(Second, 0));
        Assert.False(await Join(First, 1));
        Assert.True(await Join(Second, 1));
        Assert.True(await Join(First with { Generation = 160 }, 2));

        Assert.Equal([new Row(3, Joined(First))], await ReadOne(First));
        Assert.Equal([Joined(First), Joined(Second), Joined(First with { Generation = 160 })], (await ReadAll()).Select(row => row.Member));
    }

    [Fact]
    public async Task Of_silos_that_join_at_once_on_one_version_one_succeeds()
    {
        await Begin();

        var joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(generation => Join(First with { Generation = generation }, 0)));

        Assert.Single(joined, done => done);
        Assert.Equal(1, Assert.Single(await ReadAll()).Version);
    }

    [Fact]
    public async Task A_change_of_a_member_needs_the_version_and_the_member()
    {
        await Begin();
        await Join(First, 0);
        await Join(Second, 1);
        const string suspicion = "10.0.0.1:11111@151,2026-05-01 08:00:10.000 GMT";

        Assert.False(await Change(Second, Dead, suspicion, 1));
        Assert.False(await Change(Second with { Generation = 1 }, Dead, suspicion, 2));
        Assert.Equal([new Row(2, Joined(Second))], await ReadOne(Second));

        Assert.True(await Change(Second, Dead, suspicion, 2));
        Assert.Equal(
            [new Row(3, Joined(Second) with { Status = Dead, Suspicions = suspicion, Alive = Start.AddMinutes(1) })], await ReadOne(Second));
        Assert.Equal([new Row(3, Joined(First))], await ReadOne(First));

        Assert.True(await Change(Second, Active, null, 3));
        Assert.Null((await ReadOne(Second))[0].Member!.Suspicions);
    }

    [Fact]
    public async Task A_sign_of_life_is_no_change_of_the_cluster()
    {
        await Begin();
        await Join(First, 0);

        await queries.Execute("UpdateIAmAlivetimeKey", [.. Of(First), ("IAmAliveTime", Start.AddMinutes(5))]);

        Assert.Equal([new Row(1, Joined(First) with { Alive = Start.AddMinutes(5) })], await ReadAll());
    }

    [Fact]
    public async Task Gateways_are_active_silos_that_clients_may_connect_to()
    {
        await Begin();
        await Join(First, 0, Active);
        await Join(Second, 1);
        await Join(First with { Generation = 160 }, 2, Active, proxyPort: 0);

        var gateways = await queries.Read(
            "GatewaysQueryKey",
            row => new Silo(row.Get<string>("Address"), row.Get<int>("ProxyPort"), row.Get<int>("Generation")),
            ("DeploymentId", Cluster),
            ("Status", Active));

        Assert.Equal([First with { Port = 30000 }], gateways);
    }

    [Fact]
    public async Task The_dead_are_forgotten_after_a_while()
    {
        await Begin();
        await Join(First, 0);
        await Join(Second, 1, Dead);

        await Forget(Start);
        Assert.Equal(2, (await ReadAll()).Count);

        await Forget(Start.AddSeconds(1));
        Assert.Equal([new Row(2, Joined(First))], await ReadAll());
    }

    [Fact]
    public async Task A_deleted_cluster_may_begin_again_and_others_go_on()
    {
        await Begin();
        await Join(First, 0);
        await Begin("other");

        await queries.Execute("DeleteMembershipTableEntriesKey", ("DeploymentId", Cluster));

        Assert.False(await Begin("other"));
        Assert.True(await Begin());
        Assert.Equal([new Row(0, null)], await ReadAll());
    }

    private static QueryParameter[] Of(Silo silo) =>
        [("DeploymentId", Cluster), ("Address", silo.Address), ("Port", silo.Port), ("Generation", silo.Generation)];

    private static Member Joined(Silo silo) => new(silo, $"silo-{silo.Generation}", "host", Joining, 30000, Start, Start, null);

    private static Row ReadRow(DbDataReader row) => new(
        Convert.ToInt32(row.Get<object>("Version")),
        row.IsDBNull(row.GetOrdinal("StartTime"))
            ? null
            : new Member(
                new Silo(row.Get<string>("Address"), row.Get<int>("Port"), row.Get<int>("Generation")),
                row.Get<string>("SiloName"),
                row.Get<string>("HostName"),
                row.Get<int>("Status"),
                row.Get<int>("ProxyPort"),
                row.GetInstant("StartTime"),
                row.GetInstant("IAmAliveTime"),
                row.GetOrNull<string>("SuspectTimes")));

    private Task<bool> Begin(string cluster = Cluster) => queries.Done("InsertMembershipVersionKey", ("DeploymentId", cluster));

    private Task<bool> Join(Silo silo, int version, int status = Joining, int proxyPort = 30000) => queries.Done(
        "InsertMembershipKey",
        [
            .. Of(silo),
            ("IAmAliveTime", Start),
            ("SiloName", $"silo-{silo.Generation}"),
            ("HostName", "host"),
            ("StartTime", Start),
            ("Status", status),
            ("ProxyPort", proxyPort),
            ("Version", version),
        ]);

    private Task<bool> Change(Silo silo, int status, string? suspicions, int version) => queries.Done(
        "UpdateMembershipKey",
        [.. Of(silo), ("IAmAliveTime", Start.AddMinutes(1)), ("Status", status), ("SuspectTimes", suspicions), ("Version", version)]);

    private Task Forget(DateTime before) =>
        queries.Execute("CleanupDefunctSiloEntriesKey", ("DeploymentId", Cluster), ("IAmAliveTime", before));

    private Task<List<Row>> ReadOne(Silo silo) => queries.Read("MembershipReadRowKey", ReadRow, Of(silo));

    /// <summary>In the order they joined.</summary>
    private async Task<List<Row>> ReadAll()
    {
        var rows = await queries.Read("MembershipReadAllKey", ReadRow, ("DeploymentId", Cluster));
        return [.. rows.OrderBy(row => row.Member?.Silo.Generation)];
    }

    private sealed record Silo(string Address, int Port, int Generation);

    private sealed record Member(
        Silo Silo, string Name, string Host, int Status, int ProxyPort, DateTime Started, DateTime Alive, string? Suspicions);

    private sealed record Row(int Version, Member? Member);
}
