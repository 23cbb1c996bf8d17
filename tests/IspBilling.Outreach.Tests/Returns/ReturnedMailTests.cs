using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Tests.Mail;

namespace IspBilling.Outreach.Tests.Returns;

/// <summary>From a report to what the account makes of it, on a real database.</summary>
public sealed class ReturnedMailTests : IAsyncLifetime
{
    private ReturnBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await ReturnBench.Start();
        await _bench.Deliver();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_hard_return_takes_told_back_marks_the_address_and_goes_another_way()
    {
        var reminder = await _bench.Reminder();
        Assert.Equal(new DateOnly(2026, 3, 2), (await _bench.State()).Dunning.Last!.Value.ToldOn);
        _bench.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(ReturnEnding.Hard, await _bench.Return(reminder.Id, "5.1.1"));
        Assert.Equal(1, await _bench.Reports.Tell(CancellationToken.None));

        var state = await _bench.State();
        Assert.Null(state.Dunning.Last!.Value.ToldOn);
        Assert.Equal((EmailFault.Undeliverable, new DateOnly(2026, 3, 3)), (state.EmailMark!.Fault, state.EmailMark.On));
        Assert.Contains("5.1.1", state.EmailMark.Reason, StringComparison.Ordinal);
        var returned = await _bench.Reminder();
        Assert.Equal(DeliveryStatus.Failed, returned.Status);
        Assert.Contains("came back: 5.1.1", returned.Reason, StringComparison.Ordinal);
        var sms = Assert.Single(await _bench.Deliveries(), delivery => delivery.Channel == MessageChannel.Sms);
        Assert.Equal((DeliveryStatus.Waiting, "first"), (sms.Status, ((SendReminder)sms.Message).Step));
        Assert.Equal("2 test 5.1.1", await _bench.Database.Scalar<string>("SELECT string_agg(format('%s %s %s', kind, target, status), ',') FROM delivery_receipts"));

        // Nothing goes to the address any more, and whoever is about to send hears why.
        var facts = (await _bench.Facts.Of(returned, CancellationToken.None))!;
        Assert.Null(facts.Email);
        Assert.Contains("come back since 2026-03-03", facts.WhyNoEmail, StringComparison.Ordinal);
        await _bench.Put("new@clients.test");
        Assert.Equal("new@clients.test", (await _bench.Facts.Of(returned, CancellationToken.None))!.Email);
    }

    [Fact]
    public async Task A_document_that_came_back_goes_as_a_letter()
    {
        await _bench.Return((await _bench.Document()).Id, "5.1.1");
        await _bench.Reports.Tell(CancellationToken.None);

        var letter = Assert.Single(await _bench.Deliveries(), delivery => delivery.Channel == MessageChannel.Print);
        Assert.Equal((DeliveryStatus.Waiting, new DeliverDocument(1, DeliveryPreference.Post)), (letter.Status, letter.Message));
    }

    [Fact]
    public async Task The_same_report_again_changes_nothing()
    {
        var reminder = await _bench.Reminder();
        await _bench.Return(reminder.Id, "5.1.1");
        await _bench.Reports.Tell(CancellationToken.None);
        var before = (await _bench.State()).Version;

        Assert.Equal(ReturnEnding.Known, await _bench.Return(reminder.Id, "5.1.1"));
        Assert.Equal(0, await _bench.Reports.Tell(CancellationToken.None));

        Assert.Equal(before, (await _bench.State()).Version);
        Assert.Single(await _bench.Deliveries(), delivery => delivery.Channel == MessageChannel.Sms);
    }

    /// <summary>Whoever tells accounts dies after each of its calls, and another goes on.</summary>
    [Fact]
    public async Task Wherever_the_process_dies_everything_follows_once()
    {
        await _bench.Return((await _bench.Reminder()).Id, "5.1.1");
        for (var calls = 1; ; calls++)
        {
            var mortal = new MortalAccounts(_bench.Accounts, calls);
            var reports = new MailReturnReports(_bench.Store, _bench.Outbox, mortal, TimeZoneInfo.Utc, _bench.Clock);
            try
            {
                await reports.Tell(CancellationToken.None);
                break;
            }
            catch (DiedException)
            {
                // The next begins anew.
            }
        }

        var events = await _bench.Database.Scalar<string>("SELECT string_agg(name, ' ' ORDER BY version) FROM journal WHERE name LIKE 'reminder-%' OR name LIKE 'email-%'");
        Assert.Equal("reminder-reached.v1 reminder-lost.v1 email-marked.v1 reminder-rerouted.v1", events);
        Assert.Single(await _bench.Deliveries(), delivery => delivery.Channel == MessageChannel.Sms);
        Assert.Equal(0, await _bench.Database.Scalar<long>("SELECT count(*) FROM mail_returns WHERE recipients IS NOT NULL OR told_at IS NULL"));
    }

    [Fact]
    public async Task A_mail_that_is_late_is_recorded_and_nothing_else()
    {
        var before = (await _bench.State()).Version;

        Assert.Equal(ReturnEnding.Delayed, await _bench.Return((await _bench.Reminder()).Id, "4.4.1", "delayed"));
        Assert.Equal(0, await _bench.Reports.Tell(CancellationToken.None));

        Assert.Equal((before, DeliveryStatus.Delivered), ((await _bench.State()).Version, (await _bench.Reminder()).Status));
        Assert.Equal("3", await _bench.Database.Scalar<string>("SELECT string_agg(kind::text, ',') FROM delivery_receipts"));
    }

    /// <summary>The client was not told by a mail that the server gave up, whatever the reason; the address counts as good until so many in a row came back.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Mails_in_a_row_that_came_back_for_a_reason_that_may_pass_count_against_the_address(int limit, bool isMarked)
    {
        _bench.Mail.Mail = _bench.Mail.Mail! with { SoftReturns = limit };
        Assert.Equal(ReturnEnding.Soft, await _bench.Return((await _bench.Document()).Id, "4.2.2"));
        await _bench.Reports.Tell(CancellationToken.None);
        Assert.Null((await _bench.State()).EmailMark);

        Assert.Equal(ReturnEnding.Soft, await _bench.Return((await _bench.Reminder()).Id, "5.2.2"));
        await _bench.Reports.Tell(CancellationToken.None);

        Assert.Equal(isMarked, (await _bench.State()).EmailMark is { Fault: EmailFault.Undeliverable });
        Assert.Null((await _bench.State()).Dunning.Last!.Value.ToldOn);
    }

    [Fact]
    public async Task A_mail_that_arrived_between_two_that_came_back_ends_the_row()
    {
        _bench.Mail.Mail = _bench.Mail.Mail! with { SoftReturns = 2 };
        await _bench.Return((await _bench.Document()).Id, "4.2.2");

        // The reminder arrived; the next mail is the thanks.
        await _bench.Do(new BookPayment("e1", Money.Czk(499), new DateOnly(2026, 3, 2), null, null, null, MatchRule.Clerk));
        await _bench.Deliver();
        var thanks = Assert.Single(await _bench.Deliveries(), delivery => delivery.Message is SendThanks);
        Assert.Equal(ReturnEnding.Soft, await _bench.Return(thanks.Id, "4.2.2"));
        await _bench.Reports.Tell(CancellationToken.None);

        Assert.Null((await _bench.State()).EmailMark);
    }

    [Fact]
    public async Task A_complaint_leaves_documents_to_the_address_and_takes_nothing_back()
    {
        var reminder = await _bench.Reminder();
        var told = new ToldReturn(_bench.Token.Address(reminder.Id, ReturnBench.Domain), MailReturnKind.Complaint, "abuse", "complained", [_bench.Email]);

        Assert.Equal(ReturnEnding.Complaint, await _bench.Intake.Take(IssuerId.Default, told, "webhook", CancellationToken.None));
        await _bench.Reports.Tell(CancellationToken.None);

        var state = await _bench.State();
        Assert.Equal(EmailFault.Complaint, state.EmailMark!.Fault);
        Assert.Equal(new DateOnly(2026, 3, 2), state.Dunning.Last!.Value.ToldOn);
        Assert.Equal(DeliveryStatus.Delivered, (await _bench.Reminder()).Status);
        Assert.Null((await _bench.Facts.Of(reminder, CancellationToken.None))!.Email);
        Assert.Equal(_bench.Email, (await _bench.Facts.Of(await _bench.Document(), CancellationToken.None))!.Email);
    }

    [Fact]
    public async Task Forged_and_unknown_reports_change_nothing_and_are_counted()
    {
        var reminder = await _bench.Reminder();
        var before = (await _bench.State()).Version;

        Assert.Equal(ReturnEnding.Foreign, await _bench.Return(reminder.Id, "5.1.1", key: "guessed"));
        Assert.Equal(ReturnEnding.Foreign, await _bench.Return(new DeliveryId(new AccountId(77), 3, 1), "5.1.1"));
        var told = new ToldReturn($"<{reminder.Id}@{ReturnBench.Domain}>", MailReturnKind.Hard, "5.1.1", "no such user", []);
        Assert.Equal(ReturnEnding.Foreign, await _bench.Intake.Take(IssuerId.Default, told, "webhook", CancellationToken.None));
        Assert.Equal(ReturnEnding.Unreadable, await _bench.Intake.Take(IssuerId.Default, new MemoryStream("hello"u8.ToArray()), "test", CancellationToken.None));
        Assert.Equal(0, await _bench.Reports.Tell(CancellationToken.None));

        Assert.Equal((before, DeliveryStatus.Delivered), ((await _bench.State()).Version, (await _bench.Reminder()).Status));
        Assert.Equal(
            [new ReturnCount(new DateOnly(2026, 3, 2), "test", "Foreign", 2), new ReturnCount(new DateOnly(2026, 3, 2), "test", "Unreadable", 1), new ReturnCount(new DateOnly(2026, 3, 2), "webhook", "Foreign", 1)],
            await _bench.Store.Counts(10, CancellationToken.None));
    }

    [Fact]
    public async Task A_report_about_the_address_before_says_nothing_of_todays_and_the_mail_failed_all_the_same()
    {
        await _bench.Put("new@clients.test");

        await _bench.Return((await _bench.Document()).Id, "5.1.1");
        await _bench.Reports.Tell(CancellationToken.None);

        Assert.Null((await _bench.State()).EmailMark);
        Assert.Equal(DeliveryStatus.Failed, (await _bench.Document()).Status);
    }

    [Fact]
    public async Task A_report_that_is_faster_than_the_servers_answer_waits_for_it()
    {
        await _bench.Do(new BookPayment("e1", Money.Czk(499), new DateOnly(2026, 3, 2), null, null, null, MatchRule.Clerk));
        var now = _bench.Clock.GetUtcNow();
        var thanks = Assert.Single(await _bench.Outbox.Claim(MessageChannel.Email, "slow", now, now.AddMinutes(1), 10, CancellationToken.None));
        Assert.True(await _bench.Outbox.BeginSending(thanks.Lease, now.AddMinutes(1), CancellationToken.None));

        Assert.Equal(ReturnEnding.Hard, await _bench.Return(thanks.Id, "5.1.1"));
        Assert.Equal(0, await _bench.Reports.Tell(CancellationToken.None));
        Assert.True(await _bench.Outbox.End(thanks.Lease, DeliveryOutcome.Delivered, now, null, "250 ok", CancellationToken.None));

        Assert.Equal(1, await _bench.Reports.Tell(CancellationToken.None));
        Assert.Equal(DeliveryStatus.Failed, (await _bench.Outbox.Find(thanks.Id, CancellationToken.None))!.Status);
    }

    /// <summary>The server says at once that nobody is there: nobody was told, and so nothing is taken back.</summary>
    [Theory]
    [InlineData("550 5.1.1 no such user", true)]
    [InlineData("550 5.7.1 you are on a block list", false)]
    [InlineData("550 go away", false)]
    public async Task A_recipient_that_is_refused_at_once_is_reached_another_way(string answer, bool isMarked)
    {
        await using var server = new ScriptedSmtp { Answer = said => said.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? answer : ScriptedSmtp.Usual(said) };
        await using var bench = await ReturnBench.Start();
        bench.Mail.Mail = bench.Mail.Mail! with { Port = server.Port };

        await bench.Dispatch("%PDF-1.7"u8.ToArray());
        await new DeliveryReports(bench.Outbox, bench.Accounts, TimeZoneInfo.Utc).Tell(CancellationToken.None);
        Assert.Equal(2, await bench.Reports.Tell(CancellationToken.None));

        Assert.Equal(isMarked, (await bench.State()).EmailMark is { Fault: EmailFault.Undeliverable });
        Assert.Equal(
            [MessageChannel.Sms, MessageChannel.Print],
            (await bench.Deliveries()).Where(delivery => delivery.Status == DeliveryStatus.Waiting).Select(delivery => delivery.Channel).Order());
        Assert.Equal("reminder-lost.v1 Refused", await bench.Database.Scalar<string>("SELECT string_agg(name || ' ' || (convert_from(payload, 'UTF8')::json ->> 'why'), ',') FROM journal WHERE name = 'reminder-lost.v1'"));
    }

    /// <summary>The next mail to a marked address does not leave, says why, and goes another way.</summary>
    [Fact]
    public async Task To_an_address_that_takes_nothing_nothing_is_sent()
    {
        await using var server = new ScriptedSmtp();
        await using var bench = await ReturnBench.Start();
        bench.Mail.Mail = bench.Mail.Mail! with { Port = server.Port };
        await bench.Do(new MarkEmail(EmailFault.Undeliverable, [], "550 5.1.1 no such user"));

        await bench.Dispatch("%PDF-1.7"u8.ToArray());
        await bench.Reports.Tell(CancellationToken.None);

        Assert.Empty(server.Contents);
        Assert.Equal(DeliveryStatus.Failed, (await bench.Reminder()).Status);
        Assert.Contains("come back since 2026-03-02: 550 5.1.1", (await bench.Document()).Reason, StringComparison.Ordinal);
        Assert.Equal(
            [MessageChannel.Sms, MessageChannel.Print],
            (await bench.Deliveries()).Where(delivery => delivery.Status == DeliveryStatus.Waiting).Select(delivery => delivery.Channel).Order());
    }

    [Fact]
    public async Task One_reader_looks_into_a_mailbox_until_its_lease_runs_out()
    {
        var (now, leases) = (_bench.Clock.GetUtcNow(), _bench.Store);
        Assert.True(await leases.Take(IssuerId.Default, "one", now, now.AddMinutes(3), CancellationToken.None));
        Assert.True(await leases.Take(IssuerId.Default, "one", now.AddMinutes(1), now.AddMinutes(4), CancellationToken.None));
        Assert.False(await leases.Take(IssuerId.Default, "two", now.AddMinutes(3), now.AddMinutes(6), CancellationToken.None));
        Assert.True(await leases.Take(IssuerId.Default, "two", now.AddMinutes(4), now.AddMinutes(7), CancellationToken.None));
        await leases.Looked(IssuerId.Default, "one", now, "too late", CancellationToken.None);
        Assert.Null(await leases.Last(IssuerId.Default, CancellationToken.None));
        await leases.Looked(IssuerId.Default, "two", now, "it is down", CancellationToken.None);
        Assert.Equal(new MailboxLook(now, "it is down"), await leases.Last(IssuerId.Default, CancellationToken.None));
    }

    private sealed class DiedException : Exception;

    /// <summary>Dies when it has been asked so often: the account decided, and nobody heard.</summary>
    private sealed class MortalAccounts(IAccounts accounts, int calls) : IAccounts
    {
        private int _asked;

        public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
        {
            var reply = await accounts.Ask(account, envelope, cancellation);
            return ++_asked == calls ? throw new DiedException() : reply;
        }
    }
}
