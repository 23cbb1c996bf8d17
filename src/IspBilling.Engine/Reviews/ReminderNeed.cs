using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Reviews;

/// <summary>
/// Which accounts need a reminder: those that will bill by themselves, and those with something overdue or promised. Every other account
/// is found by date on the day that something of it falls due.
/// </summary>
public static class ReminderNeed
{
    public static bool Of(AccountState state, DecisionContext context) => WillBill(state, context) || WillReview(state, context);

    private static bool WillBill(AccountState state, DecisionContext context) =>
        DailyRun.BillsByReminder(state, context) && state.NextBillOn is not null;

    private static bool WillReview(AccountState state, DecisionContext context)
    {
        var isUnderReview = state.Dunning.PromisedUntil >= context.Today || DunningEvaluation.IsOverdue(context.Today, state.Debtor);
        return isUnderReview && DunningEvaluation.NextActionFrom(context.Today, state.Debtor, context.DunningOf(state)) is not null;
    }
}
