using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>The level and the steps of one account.</summary>
internal sealed partial class AccountCheck
{
    /// <summary>What the rules say about this account on a day.</summary>
    public DunningRules RulesOn(DateOnly day, DunningPolicy policy, DunningActions delivering) => new(day, Dunning, Ledger.OpenInvoices, policy, delivering);

    /// <summary>
    /// A review leaves a client at the level that is justified. Whatever else changes the debt, or what is agreed about it, may leave a
    /// better one until the next review, never a worse one.
    /// </summary>
    private void RequireLevel(DurableCommit commit, List<AccountEvent> events, ServiceLevel before)
    {
        var rules = RulesOn(commit.Context.Today, commit.Context.DunningPolicy, commit.Context.Delivering);
        // A reversal that found nothing changes nothing: where the policy has changed meanwhile, the look that follows it comes in its own turn.
        var changesDebt = commit.Asked is RecordDelivery or TakeBackDelivery or Bill or BookPayment or ReversePayment or UnassignPayment or SetDispute or PromiseToPay or SetDunningExemption
            && !events.TrueForAll(happened => happened is ReversalFoundNothing);
        if (commit.Asked is not Review && Dunning.Level > before) _complain(Check.Dunning, $"{commit.Asked?.GetType().Name} makes the level {Dunning.Level}");
        if ((commit.Asked is Review || changesDebt) && Dunning.HasConsequences && rules.IsCleared)
            _complain(Check.Dunning, $"the debt is gone and the client is not restored: {Dunning}");
        if (commit.Asked is Review ? Dunning.Level != rules.Level : changesDebt && Dunning.Level > rules.Level)
            _complain(Check.Dunning, $"after {commit.Asked?.GetType().Name} the level is {Dunning.Level}, and {rules.Level} is justified by {rules.Debt} since {rules.Since:yyyy-MM-dd}");
    }

    /// <summary>The day on which a message arrived counts for the step it was decided with, and only if it is later than what was known.</summary>
    private void RequireReached(ReminderReached reached, DurableCommit commit)
    {
        if (!Dunning.Steps.TryGetValue(reached.Code, out var step))
        {
            _complain(Check.Dunning, $"step {reached.Code} reached the client, and was not taken");
            return;
        }

        if (commit.Asked is not RecordDelivery { Outcome: DeliveryOutcome.Delivered, Message: SendReminder reminder } recorded)
            _complain(Check.Dunning, $"step {reached.Code} reached the client, and nobody said so");
        else if (reminder.Step != reached.Code || reminder.On != step.On || recorded.On != reached.On || $"{recorded.Delivery}" != reached.Delivery)
            _complain(Check.Dunning, $"{recorded} came back as {reached}");
        var channel = reached.Channel ?? MessageChannel.Email;
        if (reached.On < step.On || reached.On > commit.Context.Today || (step.Notices.TryGetValue(channel, out var known) && known.AcceptedOn is not null))
            _complain(Check.Dunning, $"step {reached.Code} of {step.On:yyyy-MM-dd} reached the client on {reached.On:yyyy-MM-dd}, known from {step.ToldOn:yyyy-MM-dd}");
        Dunning = Dunning.Reaching(reached.Code, channel, reached.On);
    }

    /// <summary>What did not arrive, or came back, is what somebody said so of.</summary>
    private void RequireLost(ReminderLost lost, DurableCommit commit)
    {
        if (!Dunning.Steps.TryGetValue(lost.Code, out var step))
        {
            _complain(Check.Dunning, $"the message of step {lost.Code} was lost, and it was not taken");
            return;
        }

        var (said, on) = commit.Asked switch
        {
            RecordDelivery { Message: SendReminder reminder } report when reminder.Step == lost.Code => (report.Outcome switch
            {
                DeliveryOutcome.Failed => ReminderLoss.Refused,
                DeliveryOutcome.Dead => ReminderLoss.GivenUp,
                DeliveryOutcome.Superseded => ReminderLoss.Withdrawn,
                _ => (ReminderLoss?)null,
            }, reminder.On),
            TakeBackDelivery { Message: SendReminder reminder } when reminder.Step == lost.Code => (ReminderLoss.Bounced, reminder.On),
            SetProfile => (ReminderLoss.Readdressed, step.On),
            _ => ((ReminderLoss?)null, (DateOnly?)null),
        };
        if (said != lost.Why || on != step.On) _complain(Check.Dunning, $"{commit.Asked} came back as {lost}");
        Dunning = Dunning.Losing(lost.Code, lost.Channel, lost.Why is ReminderLoss.Withdrawn or ReminderLoss.Readdressed);
    }

    private static MessageChannel ChannelOf(DeliveryPreference preference) => preference switch
    {
        DeliveryPreference.Portal => MessageChannel.Portal,
        DeliveryPreference.Post => MessageChannel.Print,
        _ => MessageChannel.Email,
    };

    private void Dunned(AccountEvent happened, DurableCommit commit)
    {
        var (policy, delivering) = (commit.Context.DunningPolicy, commit.Context.Delivering);
        switch (happened)
        {
            case DunningStepTaken e:
                var rules = RulesOn(e.On, policy, delivering);
                if (rules.Objection(e.Step) is { } objection) _complain(Check.Dunning, $"step {e.Code} on {e.On:yyyy-MM-dd}: {objection}");
                if ((e.By ?? DunningActions.None) != (e.Actions & delivering & (DunningActions.Email | DunningActions.Sms)))
                    _complain(Check.Dunning, $"step {e.Code} leaves by {e.By}, and {delivering} deliver");
                if (e.Debt.Minor != rules.Debt) _complain(Check.Dunning, $"step {e.Code} names a debt of {e.Debt.Minor}, expected {rules.Debt}");
                var channels = e.Actions & (DunningActions.Email | DunningActions.Sms);
                Dunning = Dunning.Taking(e.Code, e.On, e.By ?? DunningActions.None) with { PromisedUntil = null };
                if (channels.HasFlag(DunningActions.Email)) _expected.Add((MessageChannel.Email, new SendReminder(e.Code, channels, e.Debt, e.On, e.PolicyRevision)));
                if (channels.HasFlag(DunningActions.Sms)) _expected.Add((MessageChannel.Sms, new SendReminder(e.Code, channels, e.Debt, e.On, e.PolicyRevision)));
                if ((e.Actions & DunningActions.NotifyCollections) != DunningActions.None) _expected.Add((MessageChannel.Webhook, new NotifyCollections(e.Debt)));
                break;
            case ReminderReached e:
                RequireReached(e, commit);
                break;
            case ReminderLost e:
                RequireLost(e, commit);
                break;
            case DunningCleared e:
                if (RulesOn(e.On, policy, delivering) is { IsCleared: false } owing) _complain(Check.Dunning, $"cleared on {e.On:yyyy-MM-dd} with a debt of {owing.Debt}");
                if (Dunning.Steps.Count > 0 && policy.ThankOnClearing) _expected.Add((MessageChannel.Email, new SendThanks()));
                Dunning = DunningPosition.Start with { Exempt = Dunning.Exempt, Level = Dunning.Level };
                break;
            case ServiceLevelChanged e:
                _expected.Add((MessageChannel.Network, new EnforceServiceLevel(e.Level, e.Profile)));
                Dunning = Dunning with { Level = e.Level };
                break;
            case PromiseMade e:
                Dunning = Dunning with { PromisedUntil = e.Until, PromisedFor = Ledger.Documents.Count };
                break;
            case DunningExemptionSet e:
                Dunning = Dunning with { Exempt = e.Exempt };
                break;
            case RestoredByHand e:
                if (commit.Asked is not RestoreByHand) _complain(Check.Dunning, $"restored by hand on {e.On:yyyy-MM-dd}, and nobody asked for it");
                Dunning = Dunning with { RestoredOn = e.On };
                break;
        }
    }
}
