using System.Globalization;

namespace IspBilling.Domain;

internal static class DunningDecisions
{
    public static Decision Review(Turn turn)
    {
        var verdict = Verdict(turn);
        if (verdict.Clears) Clear(turn);
        else SetLevel(turn, verdict.Level, verdict.Profile);
        if (verdict.Step is not { } index) return turn.Reply(new Reviewed(null, verdict.Clears));
        var step = Terms(turn).Policy.Steps[index];
        Take(turn, index, step, verdict);
        return turn.Reply(new Reviewed(step.Code, Cleared: false));
    }

    /// <summary>
    /// Called by every decision that changes debt or what is agreed about it, so that a client is restored in the same turn in which the
    /// reason goes away. Nothing is ever taken away here: that is for a review.
    /// </summary>
    public static void AfterChange(Turn turn)
    {
        var verdict = Verdict(turn);
        if (verdict.Clears) Clear(turn);
        else if (verdict.Level < turn.State.Level) SetLevel(turn, verdict.Level, verdict.Profile);
    }

    public static Decision Promise(Turn turn, PromiseToPay command)
    {
        if (command.Until < turn.Today) return turn.RefuseValue(nameof(PromiseToPay.Until), "a promise lasts until today or later", RefusalReason.DateInThePast);
        if (command.Until > AccountLimits.LatestDate)
            return turn.RefuseValue(nameof(PromiseToPay.Until), $"a promise until {AccountLimits.LatestDate:yyyy-MM-dd} or earlier expected");
        if (IsNews(turn.State, command)) turn.Happened(new PromiseMade(command.Until, turn.Today));
        AfterChange(turn);
        return turn.Done();
    }

    public static Decision SetDispute(Turn turn, SetDispute command)
    {
        if (turn.State.FindDocument(command.Document) is not { IsReceivable: true } document)
            return turn.Refuse(RefusalReason.UnknownDocument, $"the account has no open invoice {command.Document}");
        if (document.Disputed == command.Disputed) return turn.Done();
        turn.Happened(new DocumentDisputeSet(document.Ordinal, command.Disputed, command.Reason, turn.Today));
        if (!command.Disputed) PaymentDecisions.UseIdleCredit(turn);
        AfterChange(turn);
        return turn.Done();
    }

    public static Decision SetExemption(Turn turn, SetDunningExemption command)
    {
        if (turn.State.Dunning.Exempt != command.Exempt)
            turn.Happened(new DunningExemptionSet(command.Exempt, command.Reason, turn.Today));
        AfterChange(turn);
        return turn.Done();
    }

    /// <summary>The debt stays and is reminded again, each step after its least days, before anything is taken away once more.</summary>
    public static Decision Restore(Turn turn, RestoreByHand command)
    {
        if (turn.State.Level == ServiceLevel.Full) return turn.Done();
        turn.Happened(new RestoredByHand(command.Reason, turn.Today));
        SetLevel(turn, ServiceLevel.Full, profile: null);
        return turn.Done();
    }

    /// <summary>
    /// Only a message of a step that still counts changes anything, and only by what is new. The client is told by what a target accepted, and
    /// the step before a restriction must have been heard for its least days, whatever day it was decided on.
    /// </summary>
    public static Decision Record(Turn turn, RecordDelivery command)
    {
        if (TooEarly(turn, command.On, command.Message) is { } refused) return refused;
        if (StepOf(turn, command.Message) is not { } taken) return turn.Done();
        var (known, delivery) = (taken.NoticeBy(command.Channel), command.Delivery.ToString());
        switch (command.Outcome)
        {
            case DeliveryOutcome.Delivered when !IsKnownToArrive(known, command):
                turn.Happened(new ReminderReached(taken.Code, command.On, delivery) { Channel = command.Channel });
                break;
            case DeliveryOutcome.Failed or DeliveryOutcome.Dead when known is null or { Status: NoticeStatus.Withdrawn } || IsTakenBackBy(known, command.Delivery):
                var why = command.Outcome == DeliveryOutcome.Failed ? ReminderLoss.Refused : ReminderLoss.GivenUp;
                turn.Happened(new ReminderLost(taken.Code, command.Channel, delivery, why, command.On));
                break;
            case DeliveryOutcome.Superseded when known is null:
                turn.Happened(new ReminderLost(taken.Code, command.Channel, delivery, ReminderLoss.Withdrawn, command.On));
                break;
        }

        AfterChange(turn);
        return turn.Done();
    }

    /// <summary>What the account never heard was accepted came back all the same: it is not believed accepted later.</summary>
    public static Decision TakeBack(Turn turn, TakeBackDelivery command)
    {
        if (TooEarly(turn, command.On, command.Message) is { } refused) return refused;
        if (StepOf(turn, command.Message) is not { } taken) return turn.Done();
        var known = taken.NoticeBy(command.Channel);
        if (known is not null && !IsTakenBackBy(known, command.Delivery)) return turn.Done();
        var reason = command.Reason.Length > TakeBackDelivery.MaxReason ? command.Reason[..TakeBackDelivery.MaxReason] : command.Reason;
        turn.Happened(new ReminderLost(taken.Code, command.Channel, command.Delivery.ToString(), ReminderLoss.Bounced, command.On, reason));
        AfterChange(turn);
        return turn.Done();
    }

    /// <summary>What failed where the client was said to be says nothing of where they are said to be now: they are reminded there.</summary>
    public static void Readdressed(Turn turn, MessageChannel channel)
    {
        foreach (var taken in turn.State.Dunning.Taken)
        {
            if (taken.NoticeBy(channel) is not { Status: NoticeStatus.Failed or NoticeStatus.Bounced } failed) continue;
            var delivery = new DeliveryId(turn.State.Id, failed.Version, failed.Ordinal).ToString();
            turn.Happened(new ReminderLost(taken.Code, channel, delivery, ReminderLoss.Readdressed, turn.Today));
        }
    }

    private static Decision? TooEarly(Turn turn, DateOnly on, OutgoingMessage message)
    {
        if (on > turn.Today) return turn.Refuse(RefusalReason.InvalidValue, $"an outcome of {turn.Today:yyyy-MM-dd} or earlier expected");
        return message is SendReminder { On: { } decided } && on < decided
            ? turn.Refuse(RefusalReason.InvalidValue, $"the reminder was decided on {decided:yyyy-MM-dd} and cannot have arrived before")
            : null;
    }

    /// <summary>The step that a message is of, if it was not taken again since.</summary>
    private static TakenStep? StepOf(Turn turn, OutgoingMessage message) =>
        message is SendReminder { On: { } decided } reminder && turn.State.Dunning.Find(reminder.Step) is { } taken && taken.On == decided ? taken : null;

    /// <summary>What came back was not accepted that day, whoever says so later.</summary>
    private static bool IsKnownToArrive(Notice? known, RecordDelivery command) => known switch
    {
        { Status: NoticeStatus.Accepted } => true,
        { Status: NoticeStatus.Bounced } bounced => bounced.Is(command.Delivery) && command.On <= bounced.On,
        _ => false,
    };

    private static bool IsTakenBackBy(Notice? known, DeliveryId delivery) => known is { Status: NoticeStatus.Accepted } accepted && accepted.Is(delivery);

    /// <summary>The same day promised again is news if there are invoices by now that the promise before was not about.</summary>
    private static bool IsNews(AccountState state, PromiseToPay command) =>
        state.Dunning.PromisedUntil != command.Until || (command.Until is not null && state.Dunning.PromisedFor != state.LastDocument);

    private static DunningTerms Terms(Turn turn) => turn.Context.DunningOf(turn.State);

    private static DunningVerdict Verdict(Turn turn) => DunningEvaluation.On(turn.Today, turn.State.Debtor, Terms(turn));

    private static void Take(Turn turn, int index, DunningStep step, DunningVerdict verdict)
    {
        var (debt, terms) = (verdict.Debt, Terms(turn));
        var by = step.Channels & terms.Delivering;
        turn.Happened(new DunningStepTaken(index, step.Code, step.Actions, debt, turn.Today, terms.Revision)
        {
            By = by == DunningActions.None ? null : by,
        });
        if (step.IsMessage) turn.Tell(new SendReminder(step.Code, step.Channels, debt, turn.Today, terms.Revision));
        if (step.Actions.HasFlag(DunningActions.NotifyCollections)) turn.Tell(new NotifyCollections(debt));
        if (step.Actions.HasFlag(DunningActions.Fee) && step.Fee?.In(debt.Currency) is { } fee) AddFee(turn, step, fee, verdict.Since!.Value);
        if (step.Level is { } level && level > turn.State.Level) SetLevel(turn, level, level == ServiceLevel.Throttled ? step.Profile : null);
    }

    /// <summary>A contractual penalty is not a supply, so it is outside the scope of VAT.</summary>
    /// <param name="since">A debt that is as old as that bears the fee once, whatever was paid and returned meanwhile.</param>
    private static void AddFee(Turn turn, DunningStep step, Money fee, DateOnly since)
    {
        if (turn.State.OneOffs.Any(item => item.Date > since && item.Id == FeeId(step, item.Date))) return;
        turn.Happened(new OneOffAdded(
            FeeId(step, turn.Today), turn.Today, step.Code, Quantity.One, fee, PriceMode.Gross, VatCategory.OutOfScope));
    }

    private static string FeeId(DunningStep step, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"dunning-{step.Code}-{day:yyyyMMdd}");

    private static void Clear(Turn turn)
    {
        var hadStep = !turn.State.Dunning.Taken.IsEmpty;
        turn.Happened(new DunningCleared(turn.Today));
        SetLevel(turn, ServiceLevel.Full, profile: null);
        if (hadStep && Terms(turn).Policy.ThankOnClearing) turn.Tell(new SendThanks());
    }

    private static void SetLevel(Turn turn, ServiceLevel level, string? profile)
    {
        if (level == turn.State.Level) return;
        turn.Happened(new ServiceLevelChanged(level, profile, turn.Today));
        turn.Tell(new EnforceServiceLevel(level, profile));
    }
}
