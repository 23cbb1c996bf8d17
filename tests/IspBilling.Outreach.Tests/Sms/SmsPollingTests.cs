using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Sms;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Outgoing;
using IspBilling.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Outreach.Tests.Sms;

public sealed class SmsPollingTests
{
    [Fact]
    public async Task Messages_of_which_nothing_was_told_are_asked_for_until_their_fate_is_known_or_three_days_are_over()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
        await database.Execute(
            """
            INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, receipt, ended_at)
            SELECT n, 1, '2026-11-27 07:00Z', 1, 3, 2, CASE n WHEN 3 THEN 5 ELSE 4 END, '{"$type":"send-thanks.v1"}', 'SM' || n, CASE n WHEN 2 THEN '2026-11-20 07:00Z' ELSE '2026-11-27 07:00Z' END::timestamptz
            FROM generate_series(1, 40) n
            """);
        await using var server = new FakeGateway(request => FakeGateway.Answer(200, request.Contains("/SM7.json", StringComparison.Ordinal)
            ? """{"status":"undelivered","error_code":30003}"""
            : request.Contains("/SM9.json", StringComparison.Ordinal) ? """{"status":"sent"}""" : """{"status":"delivered"}"""));
        var preset = SmsPresets.Twilio;
        var target = preset with { Poll = preset.Poll! with { Request = preset.Poll.Request with { Url = preset.Poll.Request.Url.Replace("https://api.twilio.com", server.Address, StringComparison.Ordinal) } } };
        var settings = new Settings(target);
        var receipts = new PostgresReceipts(database.Source);
        using var sender = new SmsSender(settings, settings, ConnectPolicy.LoopbackOnly, clock);
        var polling = new SmsPolling(settings, receipts, sender, clock);

        Assert.Equal((37, 38), (await polling.Poll(default), server.Requests.Count));
        Assert.Equal("7 30003", await database.Scalar<string>("SELECT string_agg(account_id || ' ' || reason, ', ') FROM delivery_receipts WHERE kind = 2"));
        // Asked again is only whose fate is not known: one that the gateway has not decided.
        Assert.Equal((0, 39), (await polling.Poll(default), server.Requests.Count));
        clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal((0, 39), (await polling.Poll(default), server.Requests.Count));
    }

    [Fact]
    public async Task A_receipt_finds_its_delivery_by_the_name_that_the_gateway_gave_it()
    {
        await using var database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        await database.Execute(
            """INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, receipt) VALUES (5, 6, now(), 7, 3, 2, 4, '{"$type":"send-thanks.v1"}', 'x-1'), (5, 6, now(), 8, 3, 1, 4, '{}', 'x-2')""");
        var receipts = new PostgresReceipts(database.Source);
        Assert.Equal(new DeliveryId(new AccountId(5), 6, 7), await receipts.Find(MessageChannel.Sms, "x-1", default));
        Assert.Null(await receipts.Find(MessageChannel.Sms, "x-2", default));
        Assert.Null(await receipts.Find(MessageChannel.Sms, "x\0", default));
        Assert.False(await receipts.Record(new DeliveryReceipt(new DeliveryId(new AccountId(5), 6, 9), ReceiptKind.Delivered, "g", "1", null, DateTimeOffset.UnixEpoch), default));
    }

    private sealed class Settings(SmsTarget target) : ISmsSettings, IReceiptAddresses
    {
        public ValueTask<SmsTarget?> Target(CancellationToken cancellation) => ValueTask.FromResult<SmsTarget?>(target);

        public ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult<string?>("secret");

        public ValueTask<string?> Of(string target, DeliveryId delivery, CancellationToken cancellation) => ValueTask.FromResult<string?>(null);
    }
}
