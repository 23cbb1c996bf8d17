using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>The level and the steps of one account.</summary>
internal sealed partial class AccountCheck
{
    /// <summary>What the rules say about this account on a day.</summary>
    public DunningRules RulesOn(DateOnly day, DunningPolicy policy) => new(day, Dunning, Ledger.OpenInvoices, policy);

    /// <summary>
    /// A review leaves a client at the level that is justified. Whatever else changes the debt, or what is agreed about it, may leave a
    /// better one until the next review, never a worse one.
    /// </summary>
    private void RequireLevel(DurableCommit commit, List<AccountEvent> events, ServiceLevel before)
    {
        var rules = RulesOn(commit.Context.Today, commit.Context.DunningPolicy);
        // A reversal that found nothing changes nothing: where the policy has changed meanwhile, the look that follows it comes in its own turn.
        var changesDebt = commit.Asked is Bill or BookPayment or ReversePayment or UnassignPayment or SetDispute or PromiseToPay or SetDunningExemption
            && !events.TrueForAll(happened => happened is ReversalFoundNothing);
        if (commit.Asked is not Review && Dunning.Level > before) _complain(Check.Dunning, $"{commit.Asked?.GetType().Name} makes the level {Dunning.Level}");
        if ((commit.Asked is Review || changesDebt) && Dunning.HasConsequences && rules.IsCleared)
            _complain(Check.Dunning, $"the debt is gone and the client is not restored: {Dunning}");
        if (commit.Asked is Review ? Dunning.Level != rules.Level : changesDebt && Dunning.Level > rules.Level)
            _complain(Check.Dunning, $"after {commit.Asked?.GetType().Name} the level is {Dunning.Level}, and {rules.Level} is justified by {rules.Debt} since {rules.Since:yyyy-MM-dd}");
    }

    private void Dunned(AccountEvent happened, DurableCommit commit)
    {
        var policy = commit.Context.DunningPolicy;
        switch (happened)
        {
            case DunningStepTaken e:
                var rules = RulesOn(e.On, policy);
                if (rules.Objection(e.Step) is { } objection) _complain(Check.Dunning, $"step {e.Code} on {e.On:yyyy-MM-dd}: {objection}");
                if (e.Debt.Minor != rules.Debt) _complain(Check.Dunning, $"step {e.Code} names a debt of {e.Debt.Minor}, expected {rules.Debt}");
                var channels = e.Actions & (DunningActions.Email | DunningActions.Sms);
                Dunning = Dunning.Taking(e.Code, e.On, told: channels != DunningActions.None) with { PromisedUntil = null };
                if (channels != DunningActions.None) _expected.Add(new SendReminder(e.Code, channels, e.Debt));
                if ((e.Actions & DunningActions.NotifyCollections) != DunningActions.None) _expected.Add(new NotifyCollections(e.Debt));
                break;
            case DunningCleared e:
                if (RulesOn(e.On, policy) is { IsCleared: false } owing) _complain(Check.Dunning, $"cleared on {e.On:yyyy-MM-dd} with a debt of {owing.Debt}");
                if (Dunning.Steps.Count > 0 && policy.ThankOnClearing) _expected.Add(new SendThanks());
                Dunning = DunningPosition.Start with { Exempt = Dunning.Exempt, Level = Dunning.Level };
                break;
            case ServiceLevelChanged e:
                _expected.Add(new EnforceServiceLevel(e.Level, e.Profile));
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
