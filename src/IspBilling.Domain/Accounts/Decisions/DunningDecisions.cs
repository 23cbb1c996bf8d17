using System.Globalization;

namespace IspBilling.Domain;

internal static class DunningDecisions
{
    public static Decision Review(Turn turn)
    {
        var verdict = DunningEvaluation.On(turn.Today, turn.State.Debtor, turn.Context.DunningPolicy);
        if (verdict.Clear) Clear(turn);
        if (verdict.Step is not { } index) return turn.Reply(new Reviewed(null, verdict.Clear));
        var step = turn.Context.DunningPolicy.Steps[index];
        Take(turn, index, step);
        return turn.Reply(new Reviewed(step.Code, Cleared: false));
    }

    /// <summary>Called by every decision that lowers debt, so that a client who paid is restored in the same turn.</summary>
    public static void AfterDebtFell(Turn turn)
    {
        if (DunningEvaluation.On(turn.Today, turn.State.Debtor, turn.Context.DunningPolicy).Clear) Clear(turn);
    }

    public static Decision Promise(Turn turn, PromiseToPay command)
    {
        if (command.Until < turn.Today) return turn.Refuse(RefusalReason.DateInThePast, "a promise lasts until today or later");
        if (command.Until > AccountLimits.LatestDate)
            return turn.Refuse(RefusalReason.InvalidValue, $"a promise until {AccountLimits.LatestDate:yyyy-MM-dd} or earlier expected");
        if (turn.State.Dunning.PromisedUntil != command.Until) turn.Happened(new PromiseMade(command.Until, command.By, turn.Today));
        return turn.Done();
    }

    public static Decision SetDispute(Turn turn, SetDispute command)
    {
        if (turn.State.FindDocument(command.Document) is not { Kind: DocumentKind.Invoice } document)
            return turn.Refuse(RefusalReason.UnknownDocument, $"the account has no open invoice {command.Document}");
        if (document.Disputed == command.Disputed) return turn.Done();
        turn.Happened(new DocumentDisputeSet(document.Ordinal, command.Disputed, command.By, command.Reason, turn.Today));
        if (!command.Disputed) PaymentDecisions.UseIdleCredit(turn);
        AfterDebtFell(turn);
        return turn.Done();
    }

    public static Decision SetExemption(Turn turn, SetDunningExemption command)
    {
        if (turn.State.Dunning.Exempt != command.Exempt)
            turn.Happened(new DunningExemptionSet(command.Exempt, command.By, command.Reason, turn.Today));
        return turn.Done();
    }

    private static void Take(Turn turn, int index, DunningStep step)
    {
        var debt = OverdueDebt(turn);
        turn.Happened(new DunningStepTaken(index, step.Code, step.Actions, debt, turn.Today));
        var channels = step.Actions & (DunningActions.Email | DunningActions.Sms);
        if (channels != DunningActions.None) turn.Tell(new SendReminder(step.Code, channels, debt));
        if (step.Actions.HasFlag(DunningActions.NotifyCollections)) turn.Tell(new NotifyCollections(debt));
        if (step.Actions.HasFlag(DunningActions.Fee) && step.Fee is { } fee) AddFee(turn, step, fee);
        if (step.Level is { } level && level > turn.State.Level) SetLevel(turn, level, step.Profile);
    }

    /// <summary>A contractual penalty is not a supply, so it is outside the scope of VAT.</summary>
    private static void AddFee(Turn turn, DunningStep step, Money fee)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"dunning-{step.Code}-{turn.Today:yyyyMMdd}");
        // A payment that is booked and taken back on the same day repeats the step, but must not repeat the fee.
        if (turn.State.OneOffs.Any(item => item.Id == id)) return;
        turn.Happened(new OneOffAdded(id, turn.Today, step.Code, Quantity.One, fee, PriceMode.Gross, VatCategory.OutOfScope));
    }

    private static void Clear(Turn turn)
    {
        var hadStep = turn.State.Dunning.StepsTaken > 0;
        turn.Happened(new DunningCleared(turn.Today));
        if (turn.State.Level != ServiceLevel.Full) SetLevel(turn, ServiceLevel.Full, profile: null);
        if (hadStep && turn.Context.DunningPolicy.ThankOnClearing) turn.Tell(new SendThanks());
    }

    private static void SetLevel(Turn turn, ServiceLevel level, string? profile)
    {
        turn.Happened(new ServiceLevelChanged(level, profile, turn.Today));
        turn.Tell(new EnforceServiceLevel(level, profile));
    }

    private static Money OverdueDebt(Turn turn) =>
        turn.State.Documents.Where(document => document.Kind == DocumentKind.Invoice && !document.Disputed && document.DueOn < turn.Today)
            .Sum(turn.State.Balance.Currency, document => document.Open);
}
