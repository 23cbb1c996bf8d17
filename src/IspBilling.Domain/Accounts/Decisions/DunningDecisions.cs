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
        var step = turn.Context.DunningPolicy.Steps[index];
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
    /// Only a message of a step that still counts, and that arrived after what is known, changes anything: the step before a restriction must
    /// have been heard for its least days, whatever day it was decided on.
    /// </summary>
    public static Decision Record(Turn turn, RecordDelivery command)
    {
        if (command.On > turn.Today) return turn.Refuse(RefusalReason.InvalidValue, $"an outcome of {turn.Today:yyyy-MM-dd} or earlier expected");
        if (command is not { Outcome: DeliveryOutcome.Delivered, Message: SendReminder { On: { } decided } reminder }) return turn.Done();
        if (command.On < decided) return turn.Refuse(RefusalReason.InvalidValue, $"the reminder was decided on {decided:yyyy-MM-dd} and cannot have arrived before");
        foreach (var taken in turn.State.Dunning.Taken)
        {
            if (taken.Code != reminder.Step || taken.On != decided || taken.ToldOn >= command.On) continue;
            turn.Happened(new ReminderReached(taken.Code, command.On, command.Delivery.ToString()));
            break;
        }

        return turn.Done();
    }

    /// <summary>The same day promised again is news if there are invoices by now that the promise before was not about.</summary>
    private static bool IsNews(AccountState state, PromiseToPay command) =>
        state.Dunning.PromisedUntil != command.Until || (command.Until is not null && state.Dunning.PromisedFor != state.LastDocument);

    private static DunningVerdict Verdict(Turn turn) => DunningEvaluation.On(turn.Today, turn.State.Debtor, turn.Context.DunningPolicy);

    private static void Take(Turn turn, int index, DunningStep step, DunningVerdict verdict)
    {
        var debt = verdict.Debt;
        turn.Happened(new DunningStepTaken(index, step.Code, step.Actions, debt, turn.Today, turn.Context.PolicyRevision));
        if (step.IsMessage) turn.Tell(new SendReminder(step.Code, step.Actions & (DunningActions.Email | DunningActions.Sms), debt, turn.Today, turn.Context.PolicyRevision));
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
        if (hadStep && turn.Context.DunningPolicy.ThankOnClearing) turn.Tell(new SendThanks());
    }

    private static void SetLevel(Turn turn, ServiceLevel level, string? profile)
    {
        if (level == turn.State.Level) return;
        turn.Happened(new ServiceLevelChanged(level, profile, turn.Today));
        turn.Tell(new EnforceServiceLevel(level, profile));
    }
}
