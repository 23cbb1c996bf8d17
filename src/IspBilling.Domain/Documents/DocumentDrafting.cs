using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What drafting needs to know besides the proposal.</summary>
/// <param name="Client">Whom the documents are for.</param>
/// <param name="ProfileRevision">The revision of <paramref name="Client"/> that documents name.</param>
/// <param name="LastDocument">Ordinal of the account's last document; 0 when there is none.</param>
/// <param name="IssuedOn">The date that documents bear.</param>
public sealed record DraftTerms(
    AccountProfile Client,
    int ProfileRevision,
    Issuer Issuer,
    TariffCatalogue Catalogue,
    VatRates VatRates,
    int LastDocument,
    DateOnly IssuedOn);

/// <summary>Turns a proposal into documents that lack only their numbers.</summary>
public static class DocumentDrafting
{
    /// <summary>A credit note when there is something to credit, then an invoice when there is something to charge.</summary>
    public static List<Document> Draft(DraftTerms terms, BillingProposal proposal, RunId? run)
    {
        var (client, issuer) = (terms.Client, terms.Issuer);
        var charges = new List<ProposedCharge>(proposal.Charges.Count);
        var credits = new List<ProposedCharge>();
        foreach (var charge in proposal.Charges)
        {
            RequireCurrency(issuer, charge, terms.Catalogue);
            (charge.Amount.IsNegative ? credits : charges).Add(charge);
        }

        var (itemsCharged, itemsCredited) = Split(proposal.OneOffs, charges.Count > 0);
        var invoice = charges.Count + itemsCharged.Count > 0 ? Compose(DocumentKind.Invoice, charges, itemsCharged) : null;
        while (invoice is { Total.IsNegative: true })
        {
            // An invoice cannot have a negative total: the largest deduction moves to the credit note.
            itemsCredited.Add(itemsCharged[^1]);
            itemsCharged.RemoveAt(itemsCharged.Count - 1);
            invoice = Compose(DocumentKind.Invoice, charges, itemsCharged);
        }

        var drafts = new List<Document>(2);
        if (credits.Count + itemsCredited.Count > 0) drafts.Add(Compose(DocumentKind.CreditNote, credits, itemsCredited));
        if (invoice is not null) drafts.Add(invoice with { Ordinal = terms.LastDocument + drafts.Count + 1 });
        return drafts;

        Document Compose(DocumentKind kind, List<ProposedCharge> lines, List<OneOff> items)
        {
            var suppliedOn = SuppliedOn(terms.IssuedOn, lines, items);
            var lined = Lines(lines, items, suppliedOn, terms);
            var vat = Vat.Totals(lined);
            return new Document(
                terms.LastDocument + 1,
                kind,
                new SeriesKey(issuer.Id, kind, terms.IssuedOn.Year),
                Sequence: 0,
                terms.IssuedOn,
                suppliedOn,
                terms.IssuedOn.AddDays(client.DueDays),
                issuer.Currency,
                client.SymbolPolicy == SymbolPolicy.PerAccount ? client.AccountSymbol : null,
                lined,
                vat,
                Rounding: Money.Zero(issuer.Currency),
                vat.Sum(issuer.Currency, total => total.Gross),
                terms.ProfileRevision,
                issuer.Revision,
                run,
                kind == DocumentKind.CreditNote ? Correction(lines) : null);
        }
    }

    /// <summary>
    /// A deduction lowers the invoice it goes on, if there is one; taking back a billed item is a credit, taking back a billed
    /// deduction a charge. Largest first, so that the invoice ends with its largest deduction.
    /// </summary>
    private static (List<OneOff> Charged, List<OneOff> Credited) Split(List<OneOff> items, bool hasCharges)
    {
        List<OneOff> charged = [], credited = [];
        foreach (var item in items.OrderByDescending(item => AmountOf(item).Minor))
        {
            var isCharged = !AmountOf(item).IsNegative || (!item.Cancelled && (hasCharges || charged.Count > 0));
            (isCharged ? charged : credited).Add(item);
        }

        return (charged, credited);
    }

    /// <summary>The amount that the next document shows for an item: its own, or minus what was billed if it was cancelled.</summary>
    private static Money AmountOf(OneOff item) => item is { Cancelled: true, Billed: { } billed } ? -billed.Amount : item.Amount;

    /// <summary>DUZP: the last day supplied, but what is billed in advance counts as supplied on the day of issue (Czech VAT act §21 (8)).</summary>
    private static DateOnly SuppliedOn(DateOnly issuedOn, List<ProposedCharge> lines, List<OneOff> items)
    {
        var last = DateOnly.MinValue;
        foreach (var line in lines)
        {
            if (line.Period.LastDay > last) last = line.Period.LastDay;
        }

        foreach (var item in items)
        {
            if (item.Date > last) last = item.Date;
        }

        return last < issuedOn ? last : issuedOn;
    }

    private static ImmutableArray<DocumentLine> Lines(
        List<ProposedCharge> charges, List<OneOff> items, DateOnly suppliedOn, DraftTerms terms)
    {
        var lines = ImmutableArray.CreateBuilder<DocumentLine>(charges.Count + items.Count);
        foreach (var charge in charges)
        {
            var (category, rate) = Taxed(charge.VatCategory, charge.Corrects?.VatRate);
            lines.Add(new DocumentLine(
                lines.Count + 1, charge.Reason, charge.Service.Number, OneOff: null, charge.Tariff,
                terms.Catalogue[charge.Tariff].Name, charge.Period,
                charge.Basis?.Quantity ?? charge.Service.TermsOn(charge.Period.From).Quantity,
                charge.Basis?.MonthlyPrice ?? charge.Amount,
                charge.PriceMode, category, rate, charge.Amount, Reference(charge.Corrects), charge.Basis));
        }

        foreach (var item in items)
        {
            var (category, rate) = Taxed(item.VatCategory, item.Billed?.VatRate);
            lines.Add(new DocumentLine(
                lines.Count + 1, LineReason.OneOff, Service: null, item.Id, Tariff: null, item.Text, Period: null,
                item.Quantity, item.UnitPrice, item.PriceMode, category, rate, AmountOf(item), Reference(item.Billed), Basis: null));
        }

        Invariant.Require(lines.Count > 0);
        return lines.MoveToImmutable();

        (VatCategory, VatRate) Taxed(VatCategory category, VatRate? original)
        {
            // A correction keeps the tax of what it corrects, even if the issuer's VAT status has changed since.
            if (original is { } rate) return (rate == VatRate.None && IsTaxed(category) ? VatCategory.OutOfScope : category, rate);
            if (!terms.Issuer.IsVatPayer) return (VatCategory.OutOfScope, VatRate.None);
            return (category, terms.VatRates.On(category, suppliedOn));
        }
    }

    private static bool IsTaxed(VatCategory category) => category is VatCategory.Standard or VatCategory.Reduced;

    private static LineReference? Reference(ChargePart? part) => part is { } original ? new LineReference(original.Document, original.Line) : null;

    private static string Correction(List<ProposedCharge> lines)
    {
        foreach (var line in lines)
        {
            if (line.Reason == LineReason.PriceChanged) return "price-changed";
            if (line.Reason == LineReason.Rearranged) return "billing-changed";
        }

        return lines.Count > 0 ? "no-longer-supplied" : "item-taken-back";
    }

    private static void RequireCurrency(Issuer issuer, ProposedCharge charge, TariffCatalogue catalogue)
    {
        if (charge.Amount.Currency != issuer.Currency)
            throw new BrokenReferenceException($"tariff {catalogue[charge.Tariff].Code} is priced in {charge.Amount.Currency}, issuer {issuer.Id} invoices in {issuer.Currency}");
    }
}
