using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

internal static class Lives
{
    /// <summary>One account through everything that can happen to one.</summary>
    public static IReadOnlyList<(string Today, Func<AccountState, AccountCommand> Command)> Eventful { get; } =
    [
        ("2026-01-01", _ => Given.Client()),
        ("2026-01-01", _ => Given.Service("net", "2026-01-01", Given.Slow)),
        ("2026-01-01", _ => Given.Service("tv", "2026-01-17", Given.Fast, end: "2026-03-20")),
        ("2026-01-01", _ => new PutSpecialPrice("net", "loyal", Given.Day("2026-02-01"), null, Money.Czk(399.90m), null, "ten years with us")),
        ("2026-01-01", _ => new PutSpecialPrice("net", "spring", Given.Day("2026-02-10"), Given.Day("2026-02-20"), null, 1000, "ten per cent")),
        ("2026-01-01", _ => new PutPause("tv", new Pause("holiday", Given.Day("2026-02-01"), Given.Day("2026-02-11"), Bills: false, "away"))),
        ("2026-01-01", _ => new AddOneOff("router", Given.Day("2026-01-05"), "Wi-Fi \"6\" router – příslušenství", Quantity.From(1.5m), Money.Czk(990), PriceMode.Net, VatCategory.Standard)),
        ("2026-01-01", _ => Given.Payment("e1", 100, "2026-01-01", payer: "123/0100")),
        ("2026-01-31", _ => Given.Bill("2026-01-31")),
        ("2026-02-01", _ => Given.Client("Jana Nová")),
        ("2026-02-02", _ => new CancelOneOff("router")),
        ("2026-02-03", _ => new RemoveSpecialPrice("net", "loyal")),
        ("2026-02-03", _ => new RemovePause("tv", "holiday")),
        ("2026-02-04", _ => Given.Service("tv", "2026-01-17", Given.Fast)),
        ("2026-02-04", _ => new PutContract(new Contract(
            "c1", "2026/0117", Given.Day("2025-12-28"), Given.Day("2026-01-01"), null, 24, 30, "zásuvka 3", new EarlyEndTerms(500, 3, Money.Czk(2_400))))),
        ("2026-02-04", _ => new PutContract(new Contract("c2", "2026/0118", null, Given.Day("2026-01-01"), null, 0, 0, null, null))),
        ("2026-02-04", _ => new RemoveContract("c2")),
        ("2026-02-05", _ => Given.Service("net", "2026-01-01", Given.Fast, from: "2026-01-20") with { Contract = "c1" }),
        ("2026-02-06", _ => Given.Bill("2026-02-06")),
        ("2026-02-15", _ => new PromiseToPay(Given.Day("2026-02-16"))),
        ("2026-02-25", _ => new Review()),
        ("2026-02-26", state => new RecordDelivery(new DeliveryId(state.Id, state.Version, 1), MessageChannel.Email, Reminder(state, "first"), DeliveryOutcome.Delivered, Given.Day("2026-02-25"))),
        ("2026-03-04", _ => new Review()),
        ("2026-03-05", state => new RecordDelivery(new DeliveryId(state.Id, state.Version, 1), MessageChannel.Email, Reminder(state, "second"), DeliveryOutcome.Delivered, Given.Day("2026-03-04"))),
        ("2026-03-06", state => new TakeBackDelivery(
            new DeliveryId(state.Id, state.Dunning.Last!.Value.Notices[0].Version, 1), MessageChannel.Email, Reminder(state, "second"), "no such user \"jana\"", Given.Day("2026-03-06"))),
        ("2026-03-06", _ => new MarkEmail(EmailFault.Undeliverable, [], "550 5.1.1 no such user \"jana\"")),
        ("2026-03-06", _ => Given.Client("Jana Nová") with { Profile = Given.Client("Jana Nová").Profile with { Phone = "+420777123456" } }),
        ("2026-03-06", state => new SendAnotherWay(new DeliveryId(state.Id, 1, 1), Reminder(state, "second"))),
        ("2026-03-06", state => new SendAnotherWay(new DeliveryId(state.Id, 1, 2), new DeliverDocument(1, DeliveryPreference.Email))),
        ("2026-03-07", _ => new ClearEmailMark("wrote to us from it")),
        ("2026-03-13", _ => new Review()),
        ("2026-03-13", _ => new RestoreByHand("the bank says the money is on its way")),
        ("2026-03-14", _ => new SetDispute(1, true, "says it never worked")),
        ("2026-03-15", _ => new SetDispute(1, false, "it did")),
        ("2026-03-16", state => Given.Payment("e2", 5000, "2026-03-16", state.FindDocument(1)!.Symbol, "123/0100")),
        ("2026-03-16", _ => Given.Payment("idle", 300, "2026-03-16")),
        ("2026-03-17", _ => new ReversePayment("e3", Money.Czk(5000), Given.Day("2026-03-17"), null, "123/0100", null)),
        ("2026-03-17", _ => new ReversePayment("e5", Money.Czk(77), Given.Day("2026-03-17"), null, "123/0100", null)),
        ("2026-03-18", _ => Given.Payment("e4", 700, "2026-03-18")),
        ("2026-03-19", _ => new UnassignPayment("e4", "another client's")),
        ("2026-03-19", _ => new SetDunningExemption(true, "hospital")),
        ("2026-03-20", _ => Given.Service("net", "2026-01-01", Given.Fast, end: "2026-02-15")),
        ("2026-03-20", _ => Given.Service("tv", "2026-01-17", Given.Fast, end: "2026-02-15")),
        ("2026-03-20", _ => Given.Bill("2026-03-20")),
        ("2026-03-20", _ => new PutSpecialPrice("net", "spring", Given.Day("2026-02-10"), Given.Day("2026-02-20"), null, 1000, "because he asked")),
        ("2026-03-20", _ => Given.Service("net", "2026-01-01", Given.Fast, end: "2026-02-15") with { Revision = 4 }),
        ("2026-03-20", _ => Given.Payment("e6", 20000, "2026-03-20")),
        ("2026-03-20", _ => new BookRefund("r1", Money.Czk(1), Given.Day("2026-03-20"), null, "123/0100", null, MatchRule.Clerk, "asked for it")),
        ("2026-03-20", _ => new UnassignPayment("r1", "another client's")),
        ("2026-03-20", _ => new BookRefund("r2", Money.Czk(2), Given.Day("2026-03-20"), null, "123/0100", null, MatchRule.KnownPayer)),
        ("2026-03-20", _ => new ReturnPayment("r3", 3, Money.Czk(10), Given.Day("2026-03-20"), "sent back in part")),
        ("2026-03-20", state => new ReturnPayment("r4", Untouched(state), state.Payments.First(payment => payment.Ordinal == Untouched(state)).Amount, Given.Day("2026-03-20"), "sent back")),
        ("2026-03-20", _ => new UnassignPayment("r4", "another payment was meant")),
        ("2026-03-20", _ => new PutContract(new Contract(
            "c1", "2026/0117", Given.Day("2025-12-28"), Given.Day("2026-01-01"), Given.Day("2026-03-20"), 24, 30, "zásuvka 3", new EarlyEndTerms(500, 3, Money.Czk(2_400))))),
        ("2026-03-21", _ => new CloseAccount()),
        ("2026-03-22", _ => new ReopenAccount()),
    ];

    /// <summary>What happens in that life.</summary>
    public static IReadOnlyList<AccountEvent> Events()
    {
        var (state, events, last) = (AccountState.New(new AccountId(1)), new List<AccountEvent>(), 0L);
        foreach (var (today, command) in Eventful)
        {
            var context = Given.On(today);
            var commit = new AccountCommit(
                state.Id, default, Writer.By, DateTimeOffset.UnixEpoch, state, JournalHead.Start, AccountDecider.Decide(state, command(state), context), context);
            var finished = commit.Finish([.. commit.Unnumbered().Select(_ => ++last)]);
            events.AddRange(finished.Events);
            state = finished.State;
        }

        return events;
    }

    private static SendReminder Reminder(AccountState state, string step) =>
        new(step, DunningActions.Email, Money.Czk(499), state.Dunning.Taken.First(taken => taken.Code == step).On);

    /// <summary>A payment that is booked and of which nothing went back.</summary>
    private static int Untouched(AccountState state) =>
        state.Payments.Last(payment => payment is { Status: PaymentStatus.Booked, IsOutgoing: false, PaidBack: null }).Ordinal;

    /// <summary>Every kind of event but settled history, for which this life is too short.</summary>
    public static IEnumerable<string> EventNames { get; } = new[]
    {
        "account-closed.v1", "account-reopened.v1", "contract-agreed.v1", "contract-removed.v1", "credit-used.v1", "document-dispute-set.v1", "document-issued.v1", "dunning-cleared.v1",
        "document-rerouted.v1", "dunning-exemption-set.v1", "dunning-step-taken.v1", "email-mark-cleared.v1", "email-marked.v1", "reminder-rerouted.v1", "money-paid-back.v1", "one-off-added.v1", "one-off-cancelled.v1", "pause-removed.v1", "payment-booked.v1",
        "payment-restored.v1", "payment-reversed.v1", "payment-unassigned.v1", "profile-changed.v1", "promise-made.v1", "push-revision-raised.v1", "reminder-lost.v1", "reminder-reached.v1", "restored-by-hand.v1", "reversal-found-nothing.v1", "service-contract-set.v1", "service-end-set.v1", "service-level-changed.v1",
        "service-paused.v1", "service-started.v1", "service-terms-changed.v1", "special-price-agreed.v1", "special-price-reason-changed.v1", "special-price-removed.v1",
    }.Order(StringComparer.Ordinal);
}
