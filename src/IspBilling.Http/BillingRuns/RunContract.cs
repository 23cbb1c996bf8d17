using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.BillingRuns;

/// <summary>A billing run to be started.</summary>
/// <example>{"mode":"preview","through":"2026-12-31"}</example>
/// <param name="Through">
/// Everything due on or before this day. To issue beyond the first day of next month needs <paramref name="Confirm"/>: without it the answer
/// is 422 with what would be issued.
/// </param>
/// <param name="Issuer">Only clients of this issuer.</param>
/// <param name="Clients">Only these, by the CRM's references.</param>
/// <param name="ComparedTo">The preview that an issue is compared with.</param>
/// <param name="Confirm">What a run far ahead is expected to issue, as the refusal named it; 409 when it is something else by now.</param>
public sealed record RunRequest(
    RunMode Mode, DateOnly Through, int? Issuer = null, IReadOnlyList<string>? Clients = null, Guid? ComparedTo = null, RunConfirmation? Confirm = null)
{
    public void Check(Faults faults)
    {
        if (Confirm is not null && Mode == RunMode.Preview) faults.Add("confirm", "only an issue is confirmed");
        if (Confirm is { Count: < 0 }) faults.Add("confirm.count", "0 or more expected");
        if (Confirm is { Sum.Count: > CurrenciesMax }) faults.Add("confirm.sum", $"at most {CurrenciesMax} amounts");
        for (var i = 0; i < (Confirm?.Sum.Count ?? 0) && !faults.Any; i++)
        {
            if (Confirm!.Sum[i].Read() is null) faults.Add($"confirm.sum[{i}]", "an amount such as {\"amount\":\"499.00\",\"currency\":\"CZK\"} expected");
        }

        faults.Date("through", Through);
        if (Clients is { Count: 0 or > RunFilter.MaxAccounts }) faults.Add("clients", $"1 to {RunFilter.MaxAccounts} references expected");
        if (ComparedTo is not null && Mode == RunMode.Preview) faults.Add("comparedTo", "only an issue is compared with a preview");
    }

    private const int CurrenciesMax = 100;
}

/// <summary>What a run issues, in words that a person can check.</summary>
/// <param name="Count">Documents, credit notes among them.</param>
/// <param name="Sum">What they sum to, credit notes negative: one amount for each currency that documents are in.</param>
public sealed record RunConfirmation(long Count, IReadOnlyList<MoneyAmount> Sum)
{
    public bool IsSameAs(RunConfirmation other) => Count == other.Count && Money().SetEquals(other.Money());

    private HashSet<Money?> Money() => [.. Sum.Select(amount => amount.Read())];
}

/// <param name="Accounts">Dealt with so far.</param>
/// <param name="Total">What the documents sum to, credit notes negative; null where issuers differ in currency, and <paramref name="Totals"/> says it.</param>
/// <param name="Totals">The same, one amount per currency.</param>
/// <param name="Failure">Why a failed run stopped; run again, it bills nothing twice.</param>
public sealed record RunView(
    Guid Id, RunMode Mode, RunStatus Status, DateOnly Through, int? Issuer, int? Clients, Guid? ComparedTo, string RequestedBy,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, long Accounts, long Issued, long NothingToBill, long Skipped, long Parked,
    long Documents, MoneyAmount? Total, IReadOnlyList<MoneyAmount> Totals, string? Failure);

/// <param name="IsComplete">Every account that was due has an outcome.</param>
/// <param name="Missed">Accounts that are due and have none.</param>
/// <param name="Unrecorded">Accounts that were billed before the run was interrupted; it counts them when it goes on.</param>
/// <param name="Exceptions">Accounts that need a person.</param>
public sealed record ProofView(
    bool IsComplete, long Due, long Issued, long NothingToBill, long Skipped, long Parked, IReadOnlyList<string> Missed,
    IReadOnlyList<string> Unrecorded, IReadOnlyList<RunItemView> Exceptions);

/// <param name="Total">Sum of the account's documents; null without documents.</param>
/// <param name="PreviousTotal">The account's last invoice before the run.</param>
public sealed record RunItemView(
    string Client, long Account, RunOutcome Outcome, int Documents, MoneyAmount? Total, MoneyAmount? PreviousTotal, string? Detail);

/// <summary>An account that is billed differently from its last period.</summary>
public sealed record RunDifferenceView(string Client, long Account, RunDifferenceKind Kind, MoneyAmount? Before, MoneyAmount? Now);

/// <summary>An account for which the issue is not what the preview showed.</summary>
public sealed record RunDeviationView(
    string Client, long Account, RunOutcome? Previewed, MoneyAmount? PreviewedTotal, RunOutcome? Issued, MoneyAmount? IssuedTotal);
