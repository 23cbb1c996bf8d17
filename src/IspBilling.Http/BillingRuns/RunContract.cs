using IspBilling.Desk.Runs;
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
    public static RunConfirmation Of(RunFindings found) => new(found.Documents, [.. found.Sums.Select(MoneyAmount.Of)]);

    /// <summary>Once <see cref="RunRequest.Check"/> found nothing.</summary>
    public RunFindings Read() => new(Count, [.. Sum.Select(amount => MoneyTotal.Of(amount.Read()!.Value))]);
}
