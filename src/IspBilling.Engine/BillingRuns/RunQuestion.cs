using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.BillingRuns;

/// <summary>What a run asks an account, and how the answer counts. Asked again, under the same command id, the account answers as before.</summary>
internal static class RunQuestion
{
    public static Envelope To(AccountId account, BillingRun run) => To(account, run, new Bill(run.Through, run.Id, run.Mode == RunMode.Preview));

    /// <param name="bill">The run's command, which a page of accounts shares.</param>
    public static Envelope To(AccountId account, BillingRun run, Bill bill) =>
        new(CommandIds.Derive("billing-run", run.Id.Value, account.Value), bill, run.Asking, Bulk: true);

    public static RunItem Outcome(AccountId account, AccountReply reply) => reply switch
    {
        Billed billed => new RunItem(
            account, RunOutcome.Issued, billed.Hash, billed.Documents.Length, billed.TotalMinor(),
            billed.PreviousTotal?.Minor, Detail: null),
        NothingToBill nothing => new RunItem(account, RunOutcome.NothingToBill, 0, 0, 0, nothing.PreviousTotal?.Minor, Detail: null),
        Refused refused => new RunItem(account, RunOutcome.Skipped, 0, 0, 0, null, $"{refused.Reason}: {refused.Detail}"),
        Parked parked => new RunItem(account, RunOutcome.Parked, 0, 0, 0, null, parked.Reason),
        _ => throw new InvariantBrokenException($"no outcome for {reply.GetType().Name}"),
    };
}
