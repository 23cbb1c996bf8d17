using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Contracts;

/// <summary>Contracts of a client as people read them, as of the account's last commit.</summary>
public sealed class ContractViews(ClientDirectory directory, AccountReading reading, LiveContext contexts)
{
    /// <summary>Null when the client or the contract is unknown.</summary>
    public async Task<ContractRow?> Find(string client, string reference, CancellationToken cancellation) =>
        await State(client, cancellation) is { } state && state.FindContract(reference) is { } contract
            ? ContractRow.Of(state, contract, contexts.Now().Context.Today)
            : null;

    /// <summary>What an early end may cost; null when the client or the contract is unknown.</summary>
    /// <param name="on">First day without the contract; when left out, the day on which it ends, else the one to which a notice of today leads.</param>
    public async Task<EarlyEndView?> EarlyEnd(string client, string reference, DateOnly? on, CancellationToken cancellation)
    {
        if (await State(client, cancellation) is not { } state || state.FindContract(reference) is not { } contract) return null;
        var context = contexts.Now().Context;
        var day = on ?? Domain.EarlyEnd.EndOf(state, contract) ?? contract.EndByNotice(context.Today) ?? context.Today;
        if (day < contract.TermEnd && Domain.EarlyEnd.KnownFrom(state, contract) is { } known && day < known)
            return Refused(contract, day, Text($"charges before {known:yyyy-MM-dd} are settled history; only an end from that day on can be worked out"));
        try
        {
            return View(contract, Domain.EarlyEnd.Propose(state, contract, day, context));
        }
        catch (BrokenReferenceException broken)
        {
            return Refused(contract, day, broken.Message);
        }
    }

    private async Task<AccountState?> State(string client, CancellationToken cancellation) =>
        await directory.Find(client, cancellation) is { } account ? (await reading.Find(account, cancellation))?.State : null;

    private static EarlyEndView View(Contract contract, EarlyEndProposal proposal) => new(
        contract.Reference, contract.Number, proposal.On, proposal.TermEnd,
        [.. proposal.Remaining.Select(charge => new RemainingChargeRow(charge.Service, charge.Period, charge.PriceMode, charge.VatCategory, charge.Amount))],
        [.. proposal.Taxed.Select(rate => new RemainingVatRow(rate.Category, rate.Rate.Percent, rate.Base, rate.Tax))],
        proposal.RemainingGross, proposal.MonthsLeft, proposal.Share, proposal.Equipment, proposal.Total, [.. Arithmetic(contract, proposal)], Refusal: null);

    private static EarlyEndView Refused(Contract contract, DateOnly on, string refusal) =>
        new(contract.Reference, contract.Number, on, contract.TermEnd, [], [], null, null, null, null, null, [], refusal);

    private static IEnumerable<string> Arithmetic(Contract contract, EarlyEndProposal proposal)
    {
        if (proposal.TermEnd is not { } termEnd)
        {
            yield return "the contract has no minimum term, so that no end is early";
            yield break;
        }

        if (proposal.On >= termEnd)
        {
            yield return Text($"the minimum term ends on {termEnd:yyyy-MM-dd}, so that an end on {proposal.On:yyyy-MM-dd} is not early");
            yield break;
        }

        if (contract.EarlyEnd is not { } terms)
        {
            yield return "the contract says nothing of what an early end costs";
            yield break;
        }

        foreach (var charge in proposal.Remaining)
            yield return Text($"service {charge.Service} from {charge.Period.From:yyyy-MM-dd} to {charge.Period.LastDay:yyyy-MM-dd}: {charge.Amount}{(charge.PriceMode == PriceMode.Net ? " without VAT" : "")}");
        yield return Text($"would be charged before {termEnd:yyyy-MM-dd}, with VAT: {proposal.RemainingGross}");
        yield return proposal.IsShareDue
            ? Text($"share: {Percent(terms)} % × {proposal.RemainingGross} = {proposal.Share}")
            : Text($"share: none, {Percent(terms)} % is due only within {terms.ShareMonths} months of the start");
        if (terms.EquipmentDiscount is { } discount)
            yield return Text($"discount on equipment: {discount} × {proposal.MonthsLeft} of {contract.MinimumMonths} months = {proposal.Equipment}");
        yield return Text($"together: {proposal.Total}");
    }

    private static decimal Percent(EarlyEndTerms terms) => VatRate.PercentOf(terms.ShareBasisPoints);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
