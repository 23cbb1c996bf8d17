namespace IspBilling.Domain;

/// <param name="Field">Of the policy: <c>steps[2].minimumDebt</c>.</param>
/// <param name="IsRefused">A policy that has it is not accepted. One that was stored before the rule existed is kept, and what it says there has no effect.</param>
public sealed record PolicyProblem(string Field, string Reason, bool IsRefused);

/// <summary>What makes no sense in a policy: restrictions that nobody announces, money that no account is billed in.</summary>
public static class PolicyProblems
{
    /// <param name="billed">The currencies that issuers invoice in.</param>
    public static List<PolicyProblem> Of(DunningPolicy policy, IReadOnlyCollection<Currency> billed)
    {
        var problems = new List<PolicyProblem>();
        for (var i = 0; i < policy.Steps.Length; i++)
        {
            var step = policy.Steps[i];
            if (step.DeadlineDays is not null && !step.IsMessage) Refuse($"steps[{i}].deadlineDays", "goes with an e-mail or an SMS, which tells of the deadline");
            if (step.AfterDeadline is not null && !step.IsRestrictive) Refuse($"steps[{i}].afterDeadline", "goes with a step that takes something away");
            if (step.MinimumDebt.Count == 0) Refuse($"steps[{i}].minimumDebt", "at least one amount expected");
            RefuseForeign($"steps[{i}].minimumDebt", step.MinimumDebt);
            if (step.Fee is { } fees && !fees.Select(fee => fee.Currency).SequenceEqual(step.MinimumDebt.Select(minimum => minimum.Currency)))
                Refuse($"steps[{i}].fee", "one for each currency of minimumDebt, and no other");
            foreach (var minimum in step.MinimumDebt)
            {
                if (step.IsRestrictive && !policy.IsAnnounced(i, minimum.Currency))
                    Refuse($"steps[{i}].actions", $"takes something away from debts of {minimum} that no e-mail or SMS of a step before reaches; it restricts nobody");
                else if (step.WaitsForDeadline && !policy.SetsDeadline(i, minimum))
                    Refuse($"steps[{i}].afterDeadline", $"no step before sets a deadline for debts of {minimum}; it would restrict nobody");
            }
        }

        if (policy.Steps is [{ IsMessage: false, IsRestrictive: false }, ..]) Refuse("steps[0].actions", "the first step tells the client, by e-mail or SMS");
        if (policy.Tolerance is { } tolerance) RefuseForeign("tolerance", tolerance);
        if (policy.Steps.IsEmpty) return problems;
        foreach (var currency in billed)
        {
            if (policy.SmallestDebtIn(currency) is null)
                problems.Add(new PolicyProblem("steps", $"no step has a minimum debt in {currency}: whoever is billed in it is not reminded", IsRefused: false));
        }

        return problems;

        void RefuseForeign(string field, CurrencyAmounts amounts)
        {
            foreach (var amount in amounts)
            {
                if (!billed.Contains(amount.Currency)) Refuse(field, $"no issuer invoices in {amount.Currency}");
            }
        }

        void Refuse(string field, string reason) => problems.Add(new PolicyProblem(field, reason, IsRefused: true));
    }
}
