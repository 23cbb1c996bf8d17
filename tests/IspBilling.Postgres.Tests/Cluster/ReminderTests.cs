using System.Data.Common;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Cluster;

public sealed class ReminderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Service = "billing";
    private static readonly DateTime Noon = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly uint[] Hashes = [0, 1, int.MaxValue, 0x8000_0000, 0x8000_0001, uint.MaxValue];
    private TestDatabase database = null!;
    private StoredQueries queries = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        queries = await StoredQueries.Of(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_reminder_set_again_has_a_new_version_and_its_new_times()
    {
        var first = await Set("account/1", "review", Noon, ("Period", 86_400_000));
        var second = await Set("account/1", "review", Noon.AddDays(1), ("Period", 30 * 86_400_000L));

        Assert.NotEqual(first, second);
        Assert.Equal(
            [new Reminder("account/1", "review", Noon.AddDays(1), TimeSpan.FromDays(30), second)], await Read("account/1", "review"));
        Assert.Empty(await Read("account/1", "other"));
    }

    [Fact]
    public async Task All_reminders_of_a_grain_are_its_own()
    {
        await Set("account/1", "review");
        await Set("account/1", "dunning");
        await Set("account/12", "review");
        await Set("account/1", "review", service: "other");

        var reminders = await queries.Read("ReadReminderRowsKey", ReadRow, ("ServiceId", Service), ("GrainId", "account/1"));

        Assert.Equal(["dunning", "review"], reminders.Select(reminder => reminder.Name).Order());
    }

    /// <summary>On the ring of unsigned hashes a range excludes its begin and includes its end; equal ends mean the whole ring.</summary>
    [Theory]
    [InlineData(0u, 1u, new[] { 1u })]
    [InlineData(1u, 0x7fff_ffffu, new[] { 0x7fff_ffffu })]
    [InlineData(1u, 0x8000_0000u, new[] { 0x7fff_ffffu, 0x8000_0000u })]
    [InlineData(0x7fff_ffffu, 0x8000_0001u, new[] { 0x8000_0000u, 0x8000_0001u })]
    [InlineData(0x8000_0000u, 0xffff_ffffu, new[] { 0x8000_0001u, 0xffff_ffffu })]
    [InlineData(0x8000_0001u, 0u, new[] { 0xffff_ffffu, 0u })]
    [InlineData(0xffff_ffffu, 1u, new[] { 0u, 1u })]
    [InlineData(0xffff_fff0u, 0xffff_fffeu, new uint[0])]
    [InlineData(1u, 0u, new[] { 0x7fff_ffffu, 0x8000_0000u, 0x8000_0001u, 0xffff_ffffu, 0u })]
    [InlineData(0u, 0u, new[] { 1u, 0x7fff_ffffu, 0x8000_0000u, 0x8000_0001u, 0xffff_ffffu, 0u })]
    public async Task A_silo_reads_the_reminders_of_its_range(uint begin, uint end, uint[] expected)
    {
        foreach (var hash in Hashes) await Set($"grain/{hash}", "review", hash: hash);
        await Set("grain/other", "review", hash: end, service: "other");

        // The provider passes hashes as signed numbers, and by them chooses the query.
        var (signedBegin, signedEnd) = (unchecked((int)begin), unchecked((int)end));
        var reminders = await queries.Read(
            signedBegin < signedEnd ? "ReadRangeRows1Key" : "ReadRangeRows2Key",
            ReadRow,
            ("ServiceId", Service),
            ("BeginHash", signedBegin),
            ("EndHash", signedEnd));

        Assert.Equal(
            expected.Select(hash => $"grain/{hash}").Order(StringComparer.Ordinal),
            reminders.Select(reminder => reminder.Grain).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deleting_a_reminder_needs_its_version()
    {
        var stale = await Set("account/1", "review");
        var version = await Set("account/1", "review");
        await Set("account/1", "dunning");

        Assert.False(await Delete("account/1", "review", stale));
        Assert.True(await Delete("account/1", "review", version));
        Assert.False(await Delete("account/1", "review", version));
        Assert.Single(await Read("account/1", "dunning"));
    }

    [Fact]
    public async Task Deleting_all_reminders_leaves_those_of_another_service()
    {
        await Set("account/1", "review");
        await Set("account/2", "review");
        await Set("account/1", "review", service: "other");

        await queries.Execute("DeleteReminderRowsKey", ("ServiceId", Service));

        Assert.Equal("other", await database.Scalar<string>("SELECT string_agg(service_id, ',') FROM cluster_reminders"));
    }

    private static Reminder ReadRow(DbDataReader row) => new(
        row.Get<string>("GrainId"),
        row.Get<string>("ReminderName"),
        row.GetInstant("StartTime"),
        TimeSpan.FromMilliseconds(row.GetInt64(row.GetOrdinal("Period"))),
        ReadVersion(row));

    private static int ReadVersion(DbDataReader row) => Convert.ToInt32(row.Get<object>("Version"));

    private Task<int> Set(string grain, string name, uint hash = 0, string service = Service) =>
        Set(grain, name, Noon, ("Period", 60_000), hash, service);

    /// <summary>A period is passed as an int while it fits one.</summary>
    private async Task<int> Set(string grain, string name, DateTime start, QueryParameter period, uint hash = 0, string service = Service)
    {
        var versions = await queries.Read(
            "UpsertReminderRowKey",
            ReadVersion,
            ("ServiceId", service),
            ("GrainHash", unchecked((int)hash)),
            ("GrainId", grain),
            ("ReminderName", name),
            ("StartTime", start),
            period);
        return Assert.Single(versions);
    }

    private Task<List<Reminder>> Read(string grain, string name) =>
        queries.Read("ReadReminderRowKey", ReadRow, ("ServiceId", Service), ("GrainId", grain), ("ReminderName", name));

    private Task<bool> Delete(string grain, string name, int version) => queries.Done(
        "DeleteReminderRowKey", ("ServiceId", Service), ("GrainId", grain), ("ReminderName", name), ("Version", version));

    private sealed record Reminder(string Grain, string Name, DateTime StartAt, TimeSpan Period, int Version);
}
