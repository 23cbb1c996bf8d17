using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>What one account issues: dates, rates, tax.</summary>
internal sealed partial class AccountCheck
{
    private void Issued(DocumentIssued issued, DurableCommit commit)
    {
        var document = issued.Document;
        if (commit.Asked is not null and not Bill) _complain(Check.Charges, $"{commit.Asked.GetType().Name} issued document {document.Ordinal}");
        if (document.IssuedOn != commit.Context.Today) _complain(Check.Numbers, $"document {document.Number} issued on {document.IssuedOn:yyyy-MM-dd}, decided on {commit.Context.Today:yyyy-MM-dd}");
        if (document.DueOn != document.IssuedOn.AddDays(_profile?.DueDays ?? 0)) _complain(Check.Tax, $"document {document.Number} is due on {document.DueOn:yyyy-MM-dd}");
        if ((document.Kind == DocumentKind.Invoice) == document.Total.IsNegative && !document.Total.IsZero) _complain(Check.Tax, $"{document.Kind} {document.Number} over {document.Total}");
        if (_tax.Read(document) is { } mistake) _complain(Check.Tax, $"document {document.Number}: {mistake}");
        if (_tax.Remainder() is { } remainder) _complain(Check.Tax, $"after document {document.Number} {remainder}");
        RequireDated(document, commit.Context);
        foreach (var line in document.Lines) RequireTaxed(document, line, commit.Context);
        foreach (var line in document.Lines) RequireContractOf(document, line);
        foreach (var line in document.Lines) Charge(line);
        foreach (var subscription in _subscriptions.Values) ChargeSegments(subscription, issued, commit.Context.Catalogue.Revision);
        _expected.Add((ChannelOf(_profile!.Delivery), new DeliverDocument(document.Ordinal, _profile.Delivery)));
    }

    private void RequireTaxed(Document document, DocumentLine line, DecisionContext context)
    {
        var category = line.Tariff is { } tariff ? context.Catalogue[tariff].VatCategory : line.OneOff is { } id && _items.TryGetValue(id, out var item) ? item.Added.VatCategory : line.VatCategory;
        var original = line.Corrects is { } corrects && Ledger.Documents.TryGetValue(corrects.Document, out var corrected)
            ? corrected.Document.Lines.FirstOrDefault(candidate => candidate.Number == corrects.Line)?.VatRate.BasisPoints
            : null;
        var issuer = context.Issuers[document.Series.Issuer];
        var rate = original ?? (issuer.VatNumber is not null ? TaxRules.Rate(issuer.Address.Country, category, line.SuppliedOn ?? document.SuppliedOn) : 0);
        if (line.VatRate.BasisPoints != rate) _complain(Check.Tax, $"line {line.Number} of {document.Number} is taxed at {line.VatRate.BasisPoints}, expected {rate}");
    }

    /// <summary>The document's date is its latest line's, all in one month; a correction is dated by the day of issue, anything else by its own day.</summary>
    private void RequireDated(Document document, DecisionContext context)
    {
        var issuer = context.Issuers[document.Series.Issuer];
        foreach (var line in document.Lines)
        {
            var suppliedOn = line.SuppliedOn ?? document.SuppliedOn;
            if (suppliedOn > document.SuppliedOn || (suppliedOn.Year, suppliedOn.Month) != (document.SuppliedOn.Year, document.SuppliedOn.Month))
                _complain(Check.Tax, $"line {line.Number} of {document.Number} is supplied on {suppliedOn:yyyy-MM-dd}, the document on {document.SuppliedOn:yyyy-MM-dd}");
            // What lowers an invoice goes with the invoice.
            if (line is { OneOff: not null, Amount.IsNegative: true } && document.Kind == DocumentKind.Invoice) continue;
            var expected = document.IssuedOn;
            if (line.Corrects is null && document.Kind == DocumentKind.Invoice)
            {
                var byBilling = issuer.SupplyDating == SupplyDating.BillingDay && line.Tariff is { } tariff
                    && context.Catalogue.Tariffs[tariff].Kind is ServiceKind.Internet or ServiceKind.Iptv or ServiceKind.Voip;
                var lastDay = line.Period is { } period ? period.To.AddDays(-1) : _items.TryGetValue(line.OneOff ?? "", out var item) ? item.Added.Date : document.IssuedOn;
                expected = TaxRules.SuppliedOn(lastDay, document.IssuedOn, byBilling);
            }

            if (suppliedOn != expected) _complain(Check.Tax, $"line {line.Number} of {document.Number} is supplied on {suppliedOn:yyyy-MM-dd}, expected {expected:yyyy-MM-dd}");
        }

        if (!document.Lines.Any(line => (line.SuppliedOn ?? document.SuppliedOn) == document.SuppliedOn))
            _complain(Check.Tax, $"no line of {document.Number} is supplied on {document.SuppliedOn:yyyy-MM-dd}");
    }
}
