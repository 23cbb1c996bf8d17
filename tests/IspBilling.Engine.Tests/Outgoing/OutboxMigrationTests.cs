using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Outgoing;
using IspBilling.TestKit;

namespace IspBilling.Engine.Tests.Outgoing;

/// <summary>What earlier releases wrote is taken over, row by row and channel by channel, and never sent.</summary>
public sealed class OutboxMigrationTests
{
    /// <summary>The last migration before deliveries had channels.</summary>
    private const int Before = 15;

    private const string Written =
        """
        INSERT INTO outbox (account_id, version, payload, created_at) VALUES
            (7, 3, '{"$type":"deliver-document.v1","document":1,"delivery":"Email"}', '2026-01-01T10:00:00Z'),
            (7, 3, '{"$type":"deliver-document.v1","document":2,"delivery":"Post"}', '2026-01-01T10:00:00Z'),
            (7, 5, '{"$type":"send-reminder.v1","step":"second","channels":"Email, Sms","debt":"499.00 CZK"}', '2026-02-01T10:00:00Z'),
            (7, 5, '{"$type":"enforce-service-level.v1","level":"Throttled","profile":"1M"}', '2026-02-01T10:00:00Z'),
            (7, 8, '{"$type":"send-thanks.v1"}', '2026-02-03T10:00:00Z'),
            (9, 3, '{"$type":"deliver-document.v1","document":1,"delivery":"Portal"}', '2026-01-02T10:00:00Z'),
            (9, 4, '{"$type":"send-reminder.v1","step":"first","channels":"Sms","debt":"499.00 CZK"}', '2026-02-02T10:00:00Z'),
            (9, 4, '{"$type":"notify-collections.v1","debt":"499.00 CZK"}', '2026-02-02T10:00:00Z')
        """;

    [Fact]
    public async Task Every_message_of_an_earlier_release_is_a_row_for_each_channel_before_delivery()
    {
        await using var database = await Upgraded(Written);
        var outbox = new PostgresOutbox(database.Source);

        var seven = (await outbox.History(new AccountId(7), null, 100, CancellationToken.None)).Reverse().ToList();
        var nine = (await outbox.History(new AccountId(9), null, 100, CancellationToken.None)).Reverse().ToList();

        Assert.Equal(
            ["7-3-1 Email", "7-3-2 Print", "7-5-1 Email", "7-5-2 Sms", "7-5-3 Network", "7-8-1 Email"],
            seven.Select(delivery => $"{delivery.Id} {delivery.Channel}"));
        Assert.Equal(["9-3-1 Portal", "9-4-1 Sms", "9-4-2 Webhook"], nine.Select(delivery => $"{delivery.Id} {delivery.Channel}"));
        Assert.Equal(new SendReminder("second", DunningActions.Email | DunningActions.Sms, Money.Czk(499)), seven[2].Message);
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 10, 0, 0, TimeSpan.Zero), seven[2].WrittenAt);
        Assert.All([.. seven, .. nine], delivery => Assert.Equal((DeliveryStatus.BeforeDelivery, 0, null), (delivery.Status, delivery.Attempts, delivery.DueAt)));
        Assert.Equal(seven.Concat(nine).Select(delivery => (short)delivery.Message.About()), await Kinds(database));
    }

    [Fact]
    public async Task Nothing_of_an_earlier_release_is_sent_when_channels_are_switched_on()
    {
        await using var database = await Upgraded(Written);
        var outbox = new PostgresOutbox(database.Source);
        var now = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

        foreach (var channel in Enum.GetValues<MessageChannel>())
        {
            await outbox.Switch(channel, isOn: true, Actor.System("test"), now, CancellationToken.None);
            Assert.Empty(await outbox.Claim(channel, "test", now.AddYears(1), now.AddYears(2), 100, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_message_that_this_release_does_not_know_stops_the_migration_instead_of_being_lost() =>
        await Assert.ThrowsAnyAsync<Exception>(() => Upgraded(
            """INSERT INTO outbox (account_id, version, payload, created_at) VALUES (7, 3, '{"$type":"send-pigeon.v1"}', now())"""));

    private static async Task<TestDatabase> Upgraded(string written)
    {
        var database = await new PostgresFixture().NewDatabase(MigrationSet.From(MigrationSet.OfProgram.Migrations.Take(Before)));
        await database.Execute(written);
        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(CancellationToken.None);
        return database;
    }

    private static async Task<IEnumerable<short>> Kinds(TestDatabase database)
    {
        await using var select = database.Source.CreateCommand("SELECT kind FROM outbox ORDER BY account_id, version, ordinal");
        await using var rows = await select.ExecuteReaderAsync();
        var kinds = new List<short>();
        while (await rows.ReadAsync()) kinds.Add(rows.GetInt16(0));
        return kinds;
    }
}
