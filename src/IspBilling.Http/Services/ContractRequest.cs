using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Services;

/// <summary>A contract as the CRM has it; says nothing new when it already is so.</summary>
/// <example>{"number":"2026/0117","start":"2026-12-01","minimumMonths":24,"noticeDays":30,"earlyEnd":{"sharePercent":5,"shareMonths":3,"equipmentDiscount":{"amount":"2400.00","currency":"CZK"}}}</example>
/// <param name="Number">As it stands on the paper; each once among the client's contracts.</param>
/// <param name="Start">First day.</param>
/// <param name="End">
/// First day on which it no longer holds; null until somebody ends it. The day of the start says that it never began. Services end by themselves.
/// </param>
/// <param name="MinimumMonths">How long the client agreed to stay, 0 to 120 months from the start; 0 for as long as they like.</param>
/// <param name="NoticeDays">From the notice to the end that it leads to, 0 to 366 days.</param>
/// <param name="Document">Where the signed text is, in words of your own.</param>
/// <param name="EarlyEnd">What an end before the end of the minimum term may cost; null when nothing was agreed.</param>
/// <param name="Revision">Grows with each change in the CRM: what comes with a lower one than came before is out of date and changes nothing.</param>
public sealed record ContractRequest(
    string Number,
    DateOnly Start,
    DateOnly? End = null,
    DateOnly? SignedOn = null,
    int MinimumMonths = 0,
    int NoticeDays = 0,
    string? Document = null,
    EarlyEndRequest? EarlyEnd = null,
    long? Revision = null)
{
    public PutContract Read(string reference, Faults faults)
    {
        reference = faults.Reference("contractReference", reference);
        if (End < Start) faults.Add("end", "the first day without the contract lies after the start, or on it when the contract never began");
        if (MinimumMonths is < 0 or > AccountLimits.MaxContractMonths) faults.Add("minimumMonths", $"0 to {AccountLimits.MaxContractMonths} expected");
        if (NoticeDays is < 0 or > AccountLimits.MaxNoticeDays) faults.Add("noticeDays", $"0 to {AccountLimits.MaxNoticeDays} expected");
        if (Revision < 0) faults.Add("revision", "0 or more expected");
        if (EarlyEnd is not null && MinimumMonths == 0) faults.Add("earlyEnd", "needs a minimum term that an end can be earlier than");
        return new PutContract(new Domain.Contract(
            reference, faults.Reference("number", Number), faults.Date("signedOn", SignedOn), faults.Date("start", Start), faults.Date("end", End), MinimumMonths,
            NoticeDays, faults.OptionalText("document", Document), EarlyEnd?.Read(MinimumMonths, faults))
        { PushRevision = Revision });
    }
}

/// <summary>What an end before the end of the minimum term may cost. Nothing charges it by itself; the law may allow less than a contract says.</summary>
/// <param name="SharePercent">Of what would be charged from the end to the end of the term: 0 to 100, up to two decimals.</param>
/// <param name="ShareMonths">The share is due only when the contract ends within so many months of its start; null for the whole term.</param>
/// <param name="EquipmentDiscount">Given on equipment at the start. Each month of the term that has passed takes an equal part off it.</param>
public sealed record EarlyEndRequest(decimal SharePercent = 0, int? ShareMonths = null, MoneyAmount? EquipmentDiscount = null)
{
    internal EarlyEndTerms Read(int minimumMonths, Faults faults)
    {
        var isPercent = SharePercent is >= 0 and <= 100 && SharePercent * 100 % 1 == 0;
        if (!isPercent) faults.Add("earlyEnd.sharePercent", "0 to 100, with at most two decimals");
        if (ShareMonths < 1 || ShareMonths > minimumMonths) faults.Add("earlyEnd.shareMonths", "1 to the months of the minimum term expected");
        Money? discount = EquipmentDiscount is null ? null : faults.Amount("earlyEnd.equipmentDiscount", EquipmentDiscount, AccountLimits.MaxUnitPriceMinor);
        if (discount is { IsPositive: false } && !faults.Any) faults.Add("earlyEnd.equipmentDiscount", "above 0 expected");
        return new EarlyEndTerms(isPercent ? (int)(SharePercent * 100) : 0, ShareMonths, discount);
    }
}
