using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Postgres.Runs;

/// <summary>A row of <c>billing_run_items</c>.</summary>
internal sealed record RunItemRow(long Account, int Outcome, long Hash, int Documents, long Total, long? PreviousTotal, string? Detail)
{
    public const string Columns =
        "account_id AS Account, outcome::int AS Outcome, hash, documents, total, previous_total AS PreviousTotal, detail";

    public RunItem ToItem() =>
        new(new AccountId(Account), (RunOutcome)Outcome, unchecked((ulong)Hash), Documents, Total, PreviousTotal, Detail);
}
