using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// The rows that an account's events lead to, worked out by a second hand: nothing here is shared with what writes the rows, and
/// documents and payments are followed for ever, not only while the state remembers them.
/// </summary>
internal sealed class ExpectedBooks
{
    public sealed class ExpectedDocument(Document document)
    {
        public Document Document { get; } = document;

        /// <summary>Given to an invoice, or taken from a credit note.</summary>
        public long Settled { get; set; }

        public bool Disputed { get; set; }

        public long Open => Math.Abs(Document.Total.Minor) - Settled;
    }

    public sealed class ExpectedPayment(Payment payment, long version)
    {
        public Payment Payment { get; } = payment;

        public long Version { get; } = version;

        public PaymentStatus Status { get; set; } = payment.Status;

        public string? ReversedBy { get; set; }

        /// <summary>How much of it went out again.</summary>
        public decimal PaidBack { get; set; }

        public List<(int Document, long Amount)> Allocations { get; } = [];
    }

    public SortedDictionary<int, ExpectedDocument> DocumentsByOrdinal { get; } = [];

    public SortedDictionary<int, ExpectedPayment> PaymentsByOrdinal { get; } = [];

    public List<DocumentRow> Documents { get; } = [];

    public List<LineRow> Lines { get; } = [];

    public List<PostingRow> Postings { get; } = [];

    public List<AllocationRow> Allocations { get; } = [];

    public List<CreditUseRow> CreditUses { get; } = [];

    public List<ProfileRow> Profiles { get; } = [];

    /// <summary>By reference.</summary>
    public Dictionary<string, string> ContractNumbers { get; } = new(StringComparer.Ordinal);

    public ClientSearchRow? Client { get; private set; }

    /// <summary>The newest particulars.</summary>
    public AccountProfile? Particulars { get; private set; }

    public IEnumerable<PaymentRow> Payments => PaymentsByOrdinal.Values.Select(expected => new PaymentRow(
        expected.Payment.Ordinal, expected.Version, expected.Payment.Entry, expected.Payment.Amount.Minor, expected.Payment.Amount.Currency.Code,
        expected.Payment.BookedOn, expected.Payment.Symbol?.Value, expected.Payment.CounterAccount, expected.Payment.OrderReference,
        (short)expected.Payment.Rule, (short)expected.Status, expected.ReversedBy));

    /// <summary>Only what is open has a row; what is unused of a credit note lowers receivables.</summary>
    public IEnumerable<OpenItemRow> OpenItems =>
        from expected in DocumentsByOrdinal.Values
        where expected.Open != 0
        let isCredit = expected.Document.Kind == DocumentKind.CreditNote
        select new OpenItemRow(expected.Document.Ordinal, expected.Document.DueOn, isCredit ? -expected.Open : expected.Open, expected.Disputed);

    public void Add(AccountEvent happened, long version)
    {
        switch (happened)
        {
            case ProfileChanged changed:
                OnProfile(changed);
                break;
            case ContractAgreed { Contract: var contract }:
                ContractNumbers[contract.Reference] = contract.Number;
                break;
            case ContractRemoved removed:
                ContractNumbers.Remove(removed.Reference);
                break;
            case DocumentIssued issued:
                OnDocument(issued, version);
                break;
            case PaymentBooked booked:
                OnPayment(booked.Payment, version);
                break;
            case MoneyPaidBack back:
                OnPayment(back.Payment, version);
                foreach (var released in back.Released)
                    Allocate(version, CreditSource.Payment, back.Payment.Uses!.Value[0].Ordinal, released.Document, -released.Amount.Minor);
                OnUses(back.Payment, version, 1);
                break;
            case PaymentRestored restored when PaymentsByOrdinal.TryGetValue(restored.Payment, out var again):
                (again.Status, again.ReversedBy) = (PaymentStatus.Booked, null);
                Post(version, restored.On, LedgerAccount.Bank, VatRate.None, again.Payment.Amount.Minor, again.Payment.Amount.Currency);
                Post(version, restored.On, LedgerAccount.Receivables, VatRate.None, -again.Payment.Amount.Minor, again.Payment.Amount.Currency);
                OnUses(again.Payment, version, 1);
                break;
            case PaymentReversed reversed:
                OnRelease(reversed.Payment, PaymentStatus.Reversed, reversed.Entry, reversed.On, version);
                break;
            case PaymentUnassigned unassigned:
                OnRelease(unassigned.Payment, PaymentStatus.Unassigned, reversedBy: null, unassigned.On, version);
                break;
            case CreditUsed used:
                OnSettlements(used.Settlements, version);
                break;
            case DocumentDisputeSet dispute when DocumentsByOrdinal.TryGetValue(dispute.Document, out var disputed):
                disputed.Disputed = dispute.Disputed;
                break;
        }
    }

    private void OnProfile(ProfileChanged changed)
    {
        var profile = changed.Profile;
        Particulars = profile;
        Profiles.Add(new ProfileRow(changed.Revision, Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(profile, JournalJson.Options))));
        Client = new ClientSearchRow(
            profile.Issuer.Value, changed.Revision, profile.Name, profile.CompanyNumber, profile.Email, profile.Phone, profile.AccountSymbol?.Value);
    }

    private void OnDocument(DocumentIssued issued, long version)
    {
        var document = issued.Document;
        DocumentsByOrdinal[document.Ordinal] = new ExpectedDocument(document);
        long net = 0, tax = 0;
        Post(version, document.IssuedOn, LedgerAccount.Receivables, VatRate.None, document.Total.Minor, document.Currency);
        foreach (var total in document.Vat)
        {
            net += total.Base.Minor;
            tax += total.Tax.Minor;
            Post(version, document.IssuedOn, LedgerAccount.Revenue, total.Rate, -total.Base.Minor, document.Currency);
            Post(version, document.IssuedOn, LedgerAccount.Vat, total.Rate, -total.Tax.Minor, document.Currency);
        }

        Post(version, document.IssuedOn, LedgerAccount.Rounding, VatRate.None, -document.Rounding.Minor, document.Currency);
        Documents.Add(new DocumentRow(
            document.Ordinal, version, document.Series.Issuer.Value, (short)document.Kind, (short)document.Series.Year, document.Sequence, document.Number,
            document.Symbol?.Value, document.IssuedOn, document.SuppliedOn, document.DueOn, document.Currency.Code, net, tax, document.Rounding.Minor,
            document.Total.Minor, document.CustomerRevision, document.IssuerRevision, document.Run?.Value));
        foreach (var line in document.Lines) Lines.Add(RowOf(document.Ordinal, line));
        OnSettlements(issued.Settlements, version);
    }

    private static LineRow RowOf(int document, DocumentLine line) => new(
        document, line.Number, (short)line.Reason, line.Service, line.OneOff, line.Tariff?.Value, line.Text, line.Period?.From, line.Period?.To,
        line.Quantity.Thousandths, line.UnitPrice.Minor, (short)line.PriceMode, (short)line.VatCategory, line.VatRate.BasisPoints, line.Amount.Minor,
        line.Corrects?.Document, line.Corrects?.Line);

    private void OnPayment(Payment payment, long version)
    {
        var expected = new ExpectedPayment(payment, version);
        PaymentsByOrdinal[payment.Ordinal] = expected;
        Post(version, payment.BookedOn, LedgerAccount.Bank, VatRate.None, payment.Amount.Minor, payment.Amount.Currency);
        Post(version, payment.BookedOn, LedgerAccount.Receivables, VatRate.None, -payment.Amount.Minor, payment.Amount.Currency);
        foreach (var allocation in payment.Allocations) Allocate(version, CreditSource.Payment, payment.Ordinal, allocation.Document, allocation.Amount.Minor);
    }

    /// <summary>The money went back, and everything it settled is open again.</summary>
    private void OnRelease(int ordinal, PaymentStatus status, string? reversedBy, DateOnly on, long version)
    {
        if (!PaymentsByOrdinal.TryGetValue(ordinal, out var expected)) return;
        (expected.Status, expected.ReversedBy) = (status, reversedBy);
        var amount = expected.Payment.Amount;
        Post(version, on, LedgerAccount.Bank, VatRate.None, -amount.Minor, amount.Currency);
        Post(version, on, LedgerAccount.Receivables, VatRate.None, amount.Minor, amount.Currency);
        foreach (var (document, settled) in expected.Allocations.ToImmutableArray()) Allocate(version, CreditSource.Payment, ordinal, document, -settled);
        expected.Allocations.Clear();
        OnUses(expected.Payment, version, -1);
    }

    /// <summary>What went out was a payment's or a credit note's; taken back, it is theirs again.</summary>
    private void OnUses(Payment paidBack, long version, int sign)
    {
        foreach (var use in paidBack.Uses ?? [])
        {
            CreditUses.Add(new CreditUseRow(version, paidBack.Ordinal, (short)use.Source, use.Ordinal, sign * use.Amount.Minor));
            if (use.Source == CreditSource.CreditNote && DocumentsByOrdinal.TryGetValue(use.Ordinal, out var note)) note.Settled += sign * use.Amount.Minor;
            if (use.Source == CreditSource.Payment && PaymentsByOrdinal.TryGetValue(use.Ordinal, out var payment)) payment.PaidBack += sign * use.Amount.Minor;
        }
    }

    private void OnSettlements(ImmutableArray<Settlement> settlements, long version)
    {
        foreach (var settlement in settlements)
            Allocate(version, settlement.Source, settlement.SourceOrdinal, settlement.Document, settlement.Amount.Minor);
    }

    private void Allocate(long version, CreditSource source, int ordinal, int document, long amount)
    {
        Allocations.Add(new AllocationRow(version, (short)source, ordinal, document, amount));
        if (DocumentsByOrdinal.TryGetValue(document, out var invoice)) invoice.Settled += amount;
        if (source == CreditSource.Payment && PaymentsByOrdinal.TryGetValue(ordinal, out var payment)) payment.Allocations.Add((document, amount));
        if (source == CreditSource.CreditNote && DocumentsByOrdinal.TryGetValue(ordinal, out var note)) note.Settled += amount;
    }

    private void Post(long version, DateOnly on, LedgerAccount ledger, VatRate rate, long amount, Currency currency)
    {
        if (amount != 0) Postings.Add(new PostingRow(version, on, (short)ledger, rate.BasisPoints, amount, currency.Code));
    }
}
