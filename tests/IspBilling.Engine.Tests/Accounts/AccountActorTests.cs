using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Tests.Journal;

namespace IspBilling.Engine.Tests.Accounts;

public sealed class AccountActorTests
{
    private static readonly AccountId Id = new(1);

    private readonly InMemoryJournal _stored = new();
    private readonly HookedJournal _journal;
    private readonly HandClock _clock = new("2026-01-01");
    private readonly LiveContext _contexts;
    private AccountActor _actor;

    public AccountActorTests()
    {
        _journal = new HookedJournal(_stored);
        _contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Given.Settings);
        _actor = NewActor();
    }

    [Fact]
    public async Task Commands_follow_on_each_other_without_loading_again()
    {
        await Subscribe();
        var january = Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01")));
        var february = Assert.IsType<Billed>(await Ask(Given.Bill("2026-02-01")));

        Assert.Equal(("2600000001", "2600000002"), (january.Documents[0].Number, february.Documents[0].Number));
        Assert.Equal(1, _journal.Loads);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public async Task The_same_command_id_gets_the_first_reply_and_changes_nothing(int commandsBetween, bool evicted)
    {
        await Subscribe();
        var billing = Writer.NewId();
        var first = Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01"), billing));
        for (var i = 0; i < commandsBetween; i++) await Ask(Given.Payment($"e{i}", 1, "2026-01-01"));
        if (evicted) _actor = NewActor();
        var events = _stored.EntriesOf(Id).Count;

        // With nothing more to do, and with something that it would do as a new command.
        var again = await Ask(Given.Bill("2026-01-01"), billing);
        var later = await Ask(Given.Bill("2026-02-01"), billing);

        Assert.Equal(first.Documents[0], Assert.IsType<Billed>(again).Documents[0]);
        Assert.Equal(first.Documents[0], Assert.IsType<Billed>(later).Documents[0]);
        Assert.Equal(events, _stored.EntriesOf(Id).Count);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public async Task A_reversal_that_found_nothing_takes_back_nothing_when_it_comes_once_more(int commandsBetween, bool evicted)
    {
        await Subscribe();
        var reversal = (Id: Writer.NewId(), Command: new ReversePayment("back", Money.Czk(499), Given.Day("2026-01-01"), null, "1/0100", null));
        var first = Assert.IsType<Refused>(await Ask(reversal.Command, reversal.Id));
        await Ask(Given.Payment("e", 499, "2026-01-01", payer: "1/0100"));
        for (var i = 0; i < commandsBetween; i++) await Ask(Given.Payment($"e{i}", 1, "2026-01-01"));
        if (evicted) _actor = NewActor();
        var events = _stored.EntriesOf(Id).Count;

        Assert.Equal(first, await Ask(reversal.Command, reversal.Id));
        Assert.Equal(events, _stored.EntriesOf(Id).Count);
        // A clerk who says so later asks with a command of its own.
        Assert.IsType<PaymentTakenBack>(await Ask(reversal.Command));
    }

    [Fact]
    public async Task An_account_that_is_active_twice_does_not_take_for_done_what_the_other_has_undone()
    {
        await Subscribe();
        await Ask(Given.Payment("e1", 499, "2026-01-01"));
        var other = NewActor();
        await other.Run(new Envelope(Writer.NewId(), new UnassignPayment("e1", "another client's"), Actor.System("test")), CancellationToken.None);

        var receipt = Assert.IsType<PaymentReceipt>(await Ask(Given.Payment("e1", 499, "2026-01-01")));

        Assert.Equal(2, receipt.Payment);
        Assert.Equal(PaymentStatus.Booked, _stored.StateOf(Id).Payments[^1].Status);
    }

    [Fact]
    public async Task A_preview_changes_nothing_and_is_what_the_issue_becomes()
    {
        await Subscribe();
        var events = _stored.EntriesOf(Id).Count;

        var preview = Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01") with { PreviewOnly = true }));

        Assert.Equal(events, _stored.EntriesOf(Id).Count);
        Assert.Equal(preview.Hash, Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01"))).Hash);
    }

    [Fact]
    public async Task A_refusal_is_a_reply_and_leaves_no_trace()
    {
        Assert.Equal(RefusalReason.UnknownAccount, Assert.IsType<Refused>(await Ask(Given.Bill("2026-01-01"))).Reason);
        Assert.Empty(_stored.Accounts);
    }

    [Fact]
    public async Task An_account_that_cannot_decide_is_parked_until_the_same_command_succeeds()
    {
        await Subscribe(Given.Unpriced);

        var parked = Assert.IsType<Parked>(await Ask(Given.Bill("2026-01-01")));
        Assert.Contains("T3 has no price on 2026-01-01", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(parked.Reason, _stored.ParkedReason(Id));

        // Other commands go on, and do not make good what failed.
        Assert.IsType<PaymentReceipt>(await Ask(Given.Payment("e1", 100, "2026-01-01")));
        _actor = NewActor();
        Assert.IsType<PaymentReceipt>(await Ask(Given.Payment("e2", 100, "2026-01-01")));
        Assert.NotNull(_stored.ParkedReason(Id));

        _contexts.Replace(Given.Settings with { Catalogue = TariffCatalogue.Of(2, Given.Settings.Catalogue[Given.Slow] with { Id = Given.Unpriced }) });
        Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01")));
        Assert.Null(_stored.ParkedReason(Id));
    }

    [Fact]
    public async Task A_journal_that_fails_before_writing_leaves_an_account_that_goes_on()
    {
        await Subscribe();
        var billing = Writer.NewId();
        FailOnce(before: true);

        await Assert.ThrowsAsync<IOException>(() => Ask(Given.Bill("2026-01-01"), billing));

        Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01"), billing));
        Assert.IsType<NothingToBill>(await Ask(Given.Bill("2026-01-01")));
    }

    [Fact]
    public async Task A_journal_that_fails_after_writing_answers_the_repeated_command_from_what_was_written()
    {
        await Subscribe();
        var billing = Writer.NewId();
        FailOnce(before: false);

        await Assert.ThrowsAsync<IOException>(() => Ask(Given.Bill("2026-01-01"), billing));

        Assert.Equal("2600000001", Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01"), billing)).Documents[0].Number);
        Assert.IsType<NothingToBill>(await Ask(Given.Bill("2026-01-01")));
    }

    [Fact]
    public async Task Another_writer_who_is_faster_makes_the_account_decide_again()
    {
        await Subscribe();
        var other = NewActor();
        await other.Run(new Envelope(Writer.NewId(), Given.Bill("2026-01-01"), Actor.System("test")), CancellationToken.None);

        Assert.IsType<NothingToBill>(await Ask(Given.Bill("2026-01-01")));
        Assert.IsType<Billed>(await Ask(Given.Bill("2026-02-01")));
    }

    [Fact]
    public async Task Two_activations_that_ask_the_same_command_at_once_give_one_reply()
    {
        await Subscribe();
        var billing = Writer.NewId();
        var bothDecided = new Barrier2();
        _journal.BeforeAppend = _ => bothDecided.Meet();
        var (one, two) = (NewActor(), NewActor());

        var replies = await Task.WhenAll(
            Task.Run(() => one.Run(new Envelope(billing, Given.Bill("2026-01-01"), Actor.System("test")), CancellationToken.None).AsTask()),
            Task.Run(() => two.Run(new Envelope(billing, Given.Bill("2026-01-01"), Actor.System("test")), CancellationToken.None).AsTask()));

        Assert.All(replies, reply => Assert.Equal("2600000001", Assert.IsType<Billed>(reply).Documents[0].Number));
    }

    [Fact]
    public async Task What_was_decided_before_midnight_and_numbered_after_carries_the_new_day()
    {
        await Subscribe();
        var neighbour = await new Writer(_stored, 2).Subscribe();
        _journal.BeforeAppend = async _ =>
        {
            _journal.BeforeAppend = _ => Task.CompletedTask;
            _clock.MoveTo("2026-01-02");
            await neighbour.Commit(Given.Bill("2026-01-02"), "2026-01-02");
        };

        Assert.Equal("2600000002", Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01"))).Documents[0].Number);
    }

    [Fact]
    public async Task A_clock_that_runs_behind_the_series_issues_nothing()
    {
        await Subscribe();
        await (await new Writer(_stored, 2).Subscribe()).Commit(Given.Bill("2026-01-01"), "2026-01-05");

        Assert.Equal(RefusalReason.IssueDateBeforeSeries, Assert.IsType<Refused>(await Ask(Given.Bill("2026-01-01"))).Reason);

        _clock.MoveTo("2026-01-05");
        Assert.IsType<Billed>(await Ask(Given.Bill("2026-01-01")));
    }

    private AccountActor NewActor() => new(Id, _journal, _contexts);

    private async Task<AccountReply> Ask(AccountCommand command, CommandId? id = null) =>
        await _actor.Run(new Envelope(id ?? Writer.NewId(), command, Actor.System("test")), CancellationToken.None);

    private async Task Subscribe(TariffId? tariff = null)
    {
        Assert.IsType<ClientCreated>(await Ask(Given.Client()));
        Assert.IsType<Done>(await Ask(Given.Service("net", "2026-01-01", tariff ?? Given.Slow)));
    }

    private void FailOnce(bool before)
    {
        Task Fail(AccountCommit commit)
        {
            _journal.BeforeAppend = _journal.AfterAppend = _ => Task.CompletedTask;
            throw new IOException("the line is dead");
        }

        if (before) _journal.BeforeAppend = Fail;
        else _journal.AfterAppend = Fail;
    }

    /// <summary>Lets the first two go on when both have come; later ones pass.</summary>
    private sealed class Barrier2
    {
        private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _come;

        public Task Meet()
        {
            if (Interlocked.Increment(ref _come) >= 2) _met.TrySetResult();
            return _met.Task;
        }
    }
}
