using IspBilling.Domain;

namespace IspBilling.Desk.Contracts;

/// <summary>A contract of a client as it stands today.</summary>
/// <param name="Number">As it stands on the paper.</param>
/// <param name="End">First day on which it no longer holds; null until somebody ends it.</param>
/// <param name="MinimumMonths">How long the client agreed to stay; 0 for as long as they like.</param>
/// <param name="TermEnd">First day after the minimum term; null when there is none.</param>
/// <param name="EndByNotice">First day without the contract if notice were given today; null when it ends by then anyway.</param>
/// <param name="Document">Where the signed text is.</param>
/// <param name="Services">References of the services that belong to it.</param>
public sealed record ContractRow(
    string Reference,
    string Number,
    DateOnly? SignedOn,
    DateOnly Start,
    DateOnly? End,
    int MinimumMonths,
    DateOnly? TermEnd,
    int NoticeDays,
    DateOnly? EndByNotice,
    string? Document,
    EarlyEndTermsRow? EarlyEnd,
    IReadOnlyList<string> Services)
{
    internal static ContractRow Of(AccountState state, Contract contract, DateOnly today) => new(
        contract.Reference, contract.Number, contract.SignedOn, contract.Start, contract.End, contract.MinimumMonths, contract.TermEnd,
        contract.NoticeDays, contract.EndByNotice(today), contract.Document,
        contract.EarlyEnd is { } terms ? new EarlyEndTermsRow(VatRate.PercentOf(terms.ShareBasisPoints), terms.ShareMonths, terms.EquipmentDiscount) : null,
        [.. Domain.EarlyEnd.ServicesOf(state, contract).Select(service => service.Reference)]);
}

/// <summary>What an end before the end of the minimum term may cost.</summary>
/// <param name="SharePercent">Of what would be charged from the end to the end of the term.</param>
/// <param name="ShareMonths">The share is due only within so many months of the start; null for the whole term.</param>
/// <param name="EquipmentDiscount">Given on equipment at the start; an equal part of it is left for each month of the term that has not wholly passed.</param>
public sealed record EarlyEndTermsRow(decimal SharePercent, int? ShareMonths, Money? EquipmentDiscount);
