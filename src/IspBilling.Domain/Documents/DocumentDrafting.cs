using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What drafting needs to know besides the proposal.</summary>
/// <param name="Client">Whom the documents are for.</param>
/// <param name="ProfileRevision">The revision of <paramref name="Client"/> that documents name.</param>
/// <param name="Account">The account's charges so far, whose tax credits take with them, and its last document.</param>
/// <param name="IssuedOn">The date that documents bear.</param>
public readonly record struct DraftTerms(
    AccountProfile Client,
    int ProfileRevision,
    Issuer Issuer,
    TariffCatalogue Catalogue,
    VatRates VatRates,
    ChargedSoFar Account,
    DateOnly IssuedOn);

/// <summary>What an account's documents charge before a bill.</summary>
/// <param name="LastDocument">Ordinal of the account's last document; 0 when there is none.</param>
public readonly record struct ChargedSoFar(
    ImmutableArray<Service> Services, ImmutableArray<OneOff> OneOffs, ImmutableArray<TaxRemainder> TaxRemainders, int LastDocument)
{
    public static readonly ChargedSoFar Nothing = new([], [], [], 0);

    internal TaxLeft TaxLeft => new(Services, OneOffs, TaxRemainders);
}

/// <summary>Turns a proposal into documents that lack only their numbers.</summary>
public static class DocumentDrafting
{
    /// <summary>A credit note when there is something to credit, then an invoice for each month of supply in which there is something to charge.</summary>
    public static List<Document> Draft(DraftTerms terms, BillingProposal proposal, RunId? run)
    {
        var (note, invoices) = Distribute(terms, proposal);
        while (true)
        {
            var drafts = Compose(terms, note, invoices, run);
            var below = drafts.FindIndex(draft => draft.Kind.Traits().IsReceivable && draft.Total.IsNegative);
            if (below < 0) return drafts;
            // An invoice cannot have a negative total: its largest deduction moves to the credit note.
            MoveDeduction(invoices[below - (note.IsEmpty ? 0 : 1)], note, terms.IssuedOn);
        }
    }

    private static (DraftLines Note, List<DraftLines> Invoices) Distribute(DraftTerms terms, BillingProposal proposal)
    {
        var dates = new SupplyDates(terms.Issuer, terms.Catalogue, terms.IssuedOn);
        var (note, invoices) = (new DraftLines(), new List<DraftLines>(1));
        foreach (var charge in proposal.Charges)
        {
            RequireCurrency(terms.Issuer, charge, terms.Catalogue);
            var suppliedOn = dates.Of(charge);
            (charge.Amount.IsNegative ? note : InvoiceOf(suppliedOn)).Add(charge, suppliedOn);
        }

        // Largest first, so that an invoice ends with its largest deduction.
        foreach (var item in proposal.OneOffs.OrderByDescending(item => AmountOf(item).Minor))
        {
            var suppliedOn = dates.Of(item);
            if (!AmountOf(item).IsNegative)
            {
                InvoiceOf(suppliedOn).Add(item, suppliedOn);
            }
            else if (item.Cancelled || invoices.Count == 0)
            {
                note.Add(item, terms.IssuedOn);
            }
            else
            {
                // A deduction lowers the invoice of its own month if there is one, otherwise the latest, as a supply of that month.
                var invoice = invoices.Find(candidate => candidate.IsOfMonth(suppliedOn)) ?? invoices.MaxBy(candidate => candidate.SuppliedOn)!;
                invoice.Add(item, invoice.IsOfMonth(suppliedOn) ? suppliedOn : invoice.SuppliedOn);
            }
        }

        if (invoices.Count > 1) invoices.Sort(static (one, other) => one.SuppliedOn.CompareTo(other.SuppliedOn));
        return (note, invoices);

        DraftLines InvoiceOf(DateOnly suppliedOn)
        {
            foreach (var invoice in invoices)
            {
                if (invoice.IsOfMonth(suppliedOn)) return invoice;
            }

            var begun = new DraftLines();
            invoices.Add(begun);
            return begun;
        }
    }

    private static List<Document> Compose(DraftTerms terms, DraftLines note, List<DraftLines> invoices, RunId? run)
    {
        // One after another: what the credit note takes of a document is no longer there for an invoice to take.
        var left = terms.Account.TaxLeft;
        var drafts = new List<Document>(invoices.Count + 1);
        if (!note.IsEmpty) drafts.Add(Composed(DocumentKind.CreditNote, note));
        foreach (var invoice in invoices) drafts.Add(Composed(DocumentKind.Invoice, invoice));
        return drafts;

        Document Composed(DocumentKind kind, DraftLines draft)
        {
            var (client, issuer) = (terms.Client, terms.Issuer);
            var correction = kind.Traits().IsCredit ? FirstCause(draft) : null;
            var lines = Lines(draft, terms, correction);
            var vat = Vat.Totals(lines, left);
            return new Document(
                terms.Account.LastDocument + drafts.Count + 1,
                kind,
                new SeriesKey(issuer.Id, kind.Traits().Series, terms.IssuedOn.Year),
                Sequence: 0,
                terms.IssuedOn,
                draft.SuppliedOn,
                terms.IssuedOn.AddDays(client.DueDays),
                issuer.Currency,
                client.SymbolPolicy == SymbolPolicy.PerAccount ? client.AccountSymbol : null,
                lines,
                vat,
                Rounding: Money.Zero(issuer.Currency),
                vat.Sum(issuer.Currency, total => total.Gross),
                terms.ProfileRevision,
                issuer.Revision,
                run,
                correction,
                terms.Catalogue.Revision);
        }
    }

    private static void MoveDeduction(DraftLines invoice, DraftLines note, DateOnly issuedOn)
    {
        var deduction = invoice.RemoveLastItem();
        Invariant.Require(AmountOf(deduction).IsNegative);
        note.Add(deduction, issuedOn);
    }

    /// <summary>
    /// The amount that the next document shows for an item: its own, or minus what was billed if it was cancelled. Taking back a billed item is
    /// a credit, taking back a billed deduction a charge.
    /// </summary>
    private static Money AmountOf(OneOff item) => item is { Cancelled: true, Billed: { } billed } ? -billed.Amount : item.Amount;

    /// <param name="correction">Why the document credits its first line; null for an invoice.</param>
    private static ImmutableArray<DocumentLine> Lines(DraftLines draft, DraftTerms terms, string? correction)
    {
        var lines = ImmutableArray.CreateBuilder<DocumentLine>(draft.Charges.Count + draft.Items.Count);
        foreach (var (charge, suppliedOn) in draft.Charges)
        {
            var (category, rate, mode) = Taxed(charge.VatCategory, charge.PriceMode, charge.Corrects, suppliedOn);
            lines.Add(new DocumentLine(
                lines.Count + 1, charge.Reason, charge.Service.Number, OneOff: null, charge.Tariff, terms.Catalogue[charge.Tariff].Name, charge.Period,
                charge.Factors.Quantity, charge.Factors.UnitPrice, mode, category, rate, charge.Amount, Reference(charge.Corrects), OfLine(charge),
                charge.Change, OwnDate(suppliedOn), correction is null ? null : OwnCause(CauseOf(charge)), charge.TariffRevision));
        }

        foreach (var (item, suppliedOn) in draft.Items)
        {
            var (category, rate, mode) = Taxed(item.VatCategory, item.PriceMode, item.Billed, suppliedOn);
            lines.Add(new DocumentLine(
                lines.Count + 1, LineReason.OneOff, Service: null, item.Id, Tariff: null, item.Text, Period: null,
                item.Quantity, item.Cancelled ? -item.UnitPrice : item.UnitPrice, mode, category, rate, AmountOf(item), Reference(item.Billed), Basis: null,
                SuppliedOn: OwnDate(suppliedOn), Correction: correction is null ? null : OwnCause(CauseOf(item))));
        }

        Invariant.Require(lines.Count > 0);
        return lines.MoveToImmutable();

        string? OwnCause(string cause) => cause == correction ? null : cause;

        DateOnly? OwnDate(DateOnly suppliedOn) => suppliedOn == draft.SuppliedOn ? null : suppliedOn;

        VatGroup Taxed(VatCategory category, PriceMode mode, ChargePart? original, DateOnly suppliedOn)
        {
            if (original is { } corrected) return VatGroup.OfCorrection(category, corrected.VatRate, mode);
            return VatGroup.Of(terms.Issuer, terms.VatRates, category, mode, suppliedOn);
        }
    }

    private static ChargeBasis? OfLine(ProposedCharge charge) =>
        charge.Service.Contract is { } contract && charge.Basis is { } basis ? basis with { Contract = contract } : charge.Basis;

    private static LineReference? Reference(ChargePart? part) => part is { } original ? new LineReference(original.Document, original.Line) : null;

    private static string FirstCause(DraftLines note) => note.Charges.Count > 0 ? CauseOf(note.Charges[0].Charge) : CauseOf(note.Items[0].Item);

    private static string CauseOf(ProposedCharge charge) => charge.Reason switch
    {
        LineReason.PriceChanged or LineReason.Rearranged => CorrectionCodes.OfChange(charge.Reason, charge.Change, charge.Basis),
        _ => HasAnotherTariff(charge) ? "tariff-changed" : "no-longer-supplied",
    };

    private static string CauseOf(OneOff item) => item.Billed is null ? "allowance" : CorrectionCodes.ItemTakenBack;

    /// <summary>Whether the service runs on through the days that are no longer owed, in another tariff.</summary>
    private static bool HasAnotherTariff(ProposedCharge charge)
    {
        var (service, day) = (charge.Service, charge.Period.From);
        return charge.Reason == LineReason.NoLongerOwed && service.TermsOn(day).Tariff != charge.Tariff && !(service.End <= day)
            && !service.RestsOn(day);
    }

    private static void RequireCurrency(Issuer issuer, ProposedCharge charge, TariffCatalogue catalogue)
    {
        if (charge.Amount.Currency != issuer.Currency)
            throw new BrokenReferenceException($"tariff {catalogue[charge.Tariff].Code} is priced in {charge.Amount.Currency}, issuer {issuer.Id} invoices in {issuer.Currency}");
    }
}
