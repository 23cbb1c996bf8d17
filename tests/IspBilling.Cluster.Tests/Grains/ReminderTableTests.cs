using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Reviews;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace IspBilling.Cluster.Tests.Grains;

public sealed class ReminderTableTests : IAsyncLifetime
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly StandingClock _clock = new();
    private TestDatabase _database = null!;
    private ReminderTable _table = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _table = new ReminderTable(
            _database.Source, Reviews(), Options.Create(new ClusterOptions { ServiceId = "billing", ClusterId = "billing" }),
            Options.Create(new ReminderOptions { ReminderLoadingWindow = Window, RefreshReminderListPeriod = Window / 2 }), _clock);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("2026-05-01T09:00:00Z", true)]
    [InlineData("2026-05-01T09:30:00Z", true)]
    [InlineData("2026-05-01T09:30:01Z", false)]
    [InlineData("2026-05-01T08:59:59Z", false)]
    [InlineData("2026-05-02T09:10:00Z", false)]
    [InlineData("2026-01-01T09:10:00Z", true)]
    [InlineData("2026-01-01T09:31:00Z", false)]
    [InlineData("2026-01-01T08:59:00Z", false)]
    public async Task A_silo_reads_a_daily_reminder_only_when_its_next_tick_is_near(string start, bool isRead)
    {
        await Upsert("account/1A", DateTimeOffset.Parse(start, null));

        Assert.Equal(isRead ? 1 : 0, (await _table.ReadRows(0, 0)).Reminders.Count);
    }

    [Fact]
    public async Task What_a_silo_reads_is_what_was_written()
    {
        var tag = await Upsert("account/1A", Now.AddMinutes(10));
        var again = await Upsert("account/1A", Now.AddMinutes(20));

        var read = Assert.Single((await _table.ReadRows(0, 0)).Reminders);
        Assert.Equal(
            (GrainId.Parse("account/1A"), "review", Now.AddMinutes(20).UtcDateTime, TimeSpan.FromDays(1), again),
            (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.NotEqual(tag, again);
        Assert.Equal(again, (await _table.ReadRow(GrainId.Parse("account/1A"), "review"))!.ETag);
        Assert.Null(await _table.ReadRow(GrainId.Parse("account/1B"), "review"));
    }

    [Fact]
    public async Task Every_reminder_belongs_to_exactly_one_of_the_ranges_that_divide_the_ring()
    {
        for (var grain = 1; grain <= 40; grain++) await Upsert($"account/{grain:X}", Now.AddMinutes(1));
        uint[] borders = [0x2000_0000, 0x7fff_ffff, 0x8000_0000, 0xd000_0000];

        var read = new List<GrainId>();
        for (var i = 0; i < borders.Length; i++)
        {
            var (begin, end) = (borders[i], borders[(i + 1) % borders.Length]);
            foreach (var reminder in (await _table.ReadRows(begin, end)).Reminders)
            {
                var hash = reminder.GrainId.GetUniformHashCode();
                Assert.True(begin < end ? hash > begin && hash <= end : hash > begin || hash <= end);
                read.Add(reminder.GrainId);
            }
        }

        Assert.Equal(40, read.Count);
        Assert.Equal(40, read.Distinct().Count());
    }

    [Fact]
    public async Task Only_the_version_that_was_read_is_removed()
    {
        var stale = await Upsert("account/1A", Now);
        var tag = await Upsert("account/1A", Now);

        Assert.False(await _table.RemoveRow(GrainId.Parse("account/1A"), "review", stale));
        Assert.True(await _table.RemoveRow(GrainId.Parse("account/1A"), "review", tag));
        Assert.Empty((await _table.ReadRows(GrainId.Parse("account/1A"))).Reminders);
    }

    [Fact]
    public async Task Reminders_of_accounts_are_set_together_written_once_and_removed_together()
    {
        AccountId[] accounts = [.. Enumerable.Range(1, 300).Select(account => new AccountId(account))];
        await _table.Set(accounts, default);
        await _table.Set(accounts, default);

        Assert.Equal(300, await _database.Scalar<long>("SELECT count(*) FROM cluster_reminders WHERE version = 1 AND period_ms = 86400000"));
        var one = await _table.ReadRow(GrainId.Create("account", 26.ToString("X", null)), "review");
        Assert.Equal(Reviews().NextSlot(new AccountId(26), Now).UtcDateTime, one!.StartAt);

        await _table.Remove(accounts[..299], default);
        Assert.Equal("account/12C", await _database.Scalar<string>("SELECT grain_id FROM cluster_reminders"));
    }

    [Fact]
    public async Task A_reminder_at_a_time_of_day_that_is_no_longer_the_accounts_is_moved()
    {
        await Upsert("account/1A", Reviews().NextSlot(new AccountId(26), Now).AddHours(-1).AddDays(-90));

        await _table.Set([new AccountId(26)], default);

        Assert.Equal(Reviews().NextSlot(new AccountId(26), Now).UtcDateTime, (await _table.ReadRow(GrainId.Parse("account/1A"), "review"))!.StartAt);
    }

    private static ReviewClock Reviews() => new(
        new LiveContext(new StandingClock(), TimeZoneInfo.Utc, new ProviderSettings(
            TariffCatalogue.Of(0), VatRates.Known, ImmutableDictionary<IssuerId, Issuer>.Empty, new DunningPolicy("none", [], ThankOnClearing: false),
            ProviderSettings.DefaultCorrectionHorizonMonths)),
        new StandingClock(), TimeZoneInfo.Utc, ReviewHours.Default);

    private async Task<string> Upsert(string grain, DateTimeOffset start) => (await _table.UpsertRow(new ReminderEntry
    {
        GrainId = GrainId.Parse(grain), ReminderName = "review", StartAt = start.UtcDateTime, Period = TimeSpan.FromDays(1),
    }))!;

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
