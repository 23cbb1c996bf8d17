using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

internal sealed class LedgerDocument(Document document)
{
    public Document Document { get; } = document;

    public bool IsInvoice => Document.Kind == DocumentKind.Invoice;

    public long Magnitude => Math.Abs(Document.Total.Minor);

    /// <summary>What is allocated to an invoice, or from a credit note.</summary>
    public long Settled { get; set; }

    public long Open => Magnitude - Settled;

    public bool Disputed { get; set; }

    /// <summary>By line: what later documents have left of it.</summary>
    public Dictionary<int, long> Left { get; } = document.Lines.ToDictionary(line => line.Number, line => line.Amount.Minor);
}

internal sealed class LedgerPayment(Payment payment)
{
    public Payment Payment { get; } = payment;

    public PaymentStatus Status { get; set; } = PaymentStatus.Booked;

    public string? ReversedBy { get; set; }

    /// <summary>Entries that took it back at some time, whatever became of that.</summary>
    public HashSet<string> TakenBackBy { get; } = new(StringComparer.Ordinal);

    public List<(int Document, long Minor)> Allocations { get; } = [];

    public long Allocated => Allocations.Sum(allocation => allocation.Minor);

    /// <summary>How much of it went out again.</summary>
    public long PaidBack { get; set; }

    public bool IsOutgoing => Payment.Amount.Minor < 0;

    public long Credit => Status == PaymentStatus.Booked && !IsOutgoing ? Payment.Amount.Minor - PaidBack - Allocated : 0;
}

/// <summary>The money of one account, in the auditor's own sums: what documents and payments are, and what settles what.</summary>
internal sealed class Ledger(Action<Check, string> complain)
{
    private readonly SortedDictionary<int, LedgerDocument> _documents = [];
    private readonly SortedDictionary<int, LedgerPayment> _payments = [];

    public IReadOnlyDictionary<int, LedgerDocument> Documents => _documents;

    public IReadOnlyDictionary<int, LedgerPayment> Payments => _payments;

    /// <summary>Entries that took back a payment which the account did not have.</summary>
    public HashSet<string> FoundNothing { get; } = new(StringComparer.Ordinal);

    public long Balance { get; private set; }

    /// <summary>Money and credit notes that settle nothing yet.</summary>
    public long Credit => _payments.Values.Sum(payment => payment.Credit) + _documents.Values.Where(document => !document.IsInvoice).Sum(note => note.Open);

    /// <summary>What dunning is about.</summary>
    public IReadOnlyList<OpenInvoice> OpenInvoices =>
    [
        .. _documents.Values.Where(document => document is { IsInvoice: true, Disputed: false, Open: > 0 })
            .Select(document => new OpenInvoice(document.Document.Ordinal, document.Document.DueOn, document.Open)),
    ];

    public void Apply(AccountEvent happened)
    {
        switch (happened)
        {
            case DocumentIssued e:
                Issue(e.Document);
                foreach (var settlement in e.Settlements) Settle(settlement);
                break;
            case PaymentBooked e:
                if (e.Payment.Amount.Minor <= 0) complain(Check.Allocations, $"payment {e.Payment.Ordinal} brings {e.Payment.Amount.Minor}");
                Book(e.Payment);
                break;
            case MoneyPaidBack e:
                PayBack(e);
                break;
            case PaymentReversed e:
                Release(e.Payment, PaymentStatus.Reversed, e.Entry);
                break;
            case PaymentRestored e:
                Restore(e);
                break;
            case ReversalFoundNothing e:
                FoundNothing.Add(e.Entry);
                break;
            case PaymentUnassigned e:
                Release(e.Payment, PaymentStatus.Unassigned, null);
                break;
            case CreditUsed e:
                foreach (var settlement in e.Settlements) Settle(settlement);
                break;
            case DocumentDisputeSet e:
                if (_documents.TryGetValue(e.Document, out var disputed)) disputed.Disputed = e.Disputed;
                else complain(Check.Balance, $"a dispute about document {e.Document}, which does not exist");
                break;
        }
    }

    /// <summary>Credit does not lie idle while an invoice is open that nobody disputes.</summary>
    public void RequireNoIdleCredit()
    {
        if (Credit > 0 && _documents.Values.FirstOrDefault(document => document.IsInvoice && !document.Disputed && document.Open > 0) is { } open)
            complain(Check.Allocations, $"credit of {Credit} lies idle while {open.Open} of document {open.Document.Ordinal} is open");
    }

    private void Issue(Document document)
    {
        if (document.Ordinal != _documents.Count + 1) complain(Check.Numbers, $"document {document.Ordinal} after {_documents.Count} documents");
        if (!_documents.TryAdd(document.Ordinal, new LedgerDocument(document))) return;
        Balance += document.Total.Minor;
        foreach (var line in document.Lines) Correct(line);
    }

    /// <summary>A credit never exceeds what is left of the line it names.</summary>
    private void Correct(DocumentLine line)
    {
        if (line.Corrects is not { } original) return;
        if (!_documents.TryGetValue(original.Document, out var corrected) || !corrected.Left.TryGetValue(original.Line, out var left))
        {
            complain(Check.Charges, $"a line corrects line {original.Line} of document {original.Document}, which does not exist");
            return;
        }

        // A price that went up adds to the line and takes nothing from it.
        if (left == 0 || Math.Sign(left) == Math.Sign(line.Amount.Minor))
        {
            if (line.Amount.IsNegative && left == 0) complain(Check.Charges, $"nothing is left to credit of line {original.Line} of document {original.Document}");
            return;
        }

        corrected.Left[original.Line] = left + line.Amount.Minor;
        if (Math.Abs(line.Amount.Minor) > Math.Abs(left))
            complain(Check.Charges, $"{line.Amount.Minor} credited of line {original.Line} of document {original.Document}, of which {left} is left");
    }

    private void Book(Payment payment)
    {
        if (payment.Ordinal != _payments.Count + 1) complain(Check.Once, $"payment {payment.Ordinal} after {_payments.Count} payments");
        var booked = new LedgerPayment(payment);
        if (!_payments.TryAdd(payment.Ordinal, booked)) return;
        Balance -= payment.Amount.Minor;
        foreach (var allocation in payment.Allocations) Allocate(booked, allocation.Document, allocation.Amount.Minor);
    }

    private void Settle(Settlement settlement)
    {
        if (settlement.Source == CreditSource.Payment)
        {
            if (_payments.TryGetValue(settlement.SourceOrdinal, out var payment)) Allocate(payment, settlement.Document, settlement.Amount.Minor);
            else complain(Check.Allocations, $"payment {settlement.SourceOrdinal} does not exist");
            return;
        }

        if (!_documents.TryGetValue(settlement.SourceOrdinal, out var note) || note.IsInvoice)
        {
            complain(Check.Allocations, $"credit note {settlement.SourceOrdinal} does not exist");
            return;
        }

        note.Settled += settlement.Amount.Minor;
        if (note.Open < 0) complain(Check.Allocations, $"credit note {settlement.SourceOrdinal} settles {note.Settled} of {note.Magnitude}");
        SettleInvoice(settlement.Document, settlement.Amount.Minor);
    }

    private void Allocate(LedgerPayment payment, int document, long minor)
    {
        payment.Allocations.Add((document, minor));
        if (payment.Status != PaymentStatus.Booked) complain(Check.Allocations, $"payment {payment.Payment.Ordinal} is {payment.Status} and settles");
        if (payment.Credit < 0) complain(Check.Allocations, $"payment {payment.Payment.Ordinal} of {payment.Payment.Amount.Minor} settles {payment.Allocated}");
        SettleInvoice(document, minor);
    }

    private void SettleInvoice(int ordinal, long minor)
    {
        if (minor <= 0) complain(Check.Allocations, $"an allocation of {minor} to document {ordinal}");
        if (!_documents.TryGetValue(ordinal, out var invoice) || !invoice.IsInvoice)
        {
            complain(Check.Allocations, $"invoice {ordinal} does not exist");
            return;
        }

        invoice.Settled += minor;
        if (invoice.Open < 0) complain(Check.Allocations, $"invoice {ordinal} of {invoice.Magnitude} is settled by {invoice.Settled}");
    }

    /// <summary>Money that goes out is somebody's credit in full: what nobody has cannot be paid back.</summary>
    private void PayBack(MoneyPaidBack e)
    {
        Book(e.Payment);
        if (e.Payment.Amount.Minor >= 0) complain(Check.Allocations, $"payment {e.Payment.Ordinal} pays back {-e.Payment.Amount.Minor}");
        var uses = UsesOf(e.Payment);
        foreach (var released in e.Released)
        {
            if (uses is not [{ Source: CreditSource.Payment } only] || !_payments.TryGetValue(only.Ordinal, out var returned)
                || returned.Allocations.Where(allocation => allocation.Document == released.Document).Sum(allocation => allocation.Minor) < released.Amount.Minor)
            {
                complain(Check.Allocations, $"payment {e.Payment.Ordinal} lets go of {released.Amount.Minor} of document {released.Document}, which nothing of it settles");
                continue;
            }

            returned.Allocations.Add((released.Document, -released.Amount.Minor));
            _documents[released.Document].Settled -= released.Amount.Minor;
        }

        Use(e.Payment, uses, 1);
    }

    private void Restore(PaymentRestored e)
    {
        if (!_payments.TryGetValue(e.Payment, out var payment) || payment.Status != PaymentStatus.Reversed || payment.ReversedBy != e.Entry)
        {
            complain(Check.Once, $"payment {e.Payment} is restored, and entry {e.Entry} had not taken it back");
            return;
        }

        (payment.Status, payment.ReversedBy) = (PaymentStatus.Booked, null);
        Balance -= payment.Payment.Amount.Minor;
        if (payment.IsOutgoing) Use(payment.Payment, UsesOf(payment.Payment), 1);
    }

    private static IReadOnlyList<CreditUse> UsesOf(Payment payment) => payment.Uses is { } uses ? [.. uses] : [];

    /// <param name="sign">1 when money goes out, -1 when it is back.</param>
    private void Use(Payment paidBack, IReadOnlyList<CreditUse> uses, int sign)
    {
        var sum = uses.Sum(use => use.Amount.Minor);
        if (sum != -paidBack.Amount.Minor) complain(Check.Allocations, $"payment {paidBack.Ordinal} pays back {-paidBack.Amount.Minor}, of which {sum} is credit");
        foreach (var use in uses)
        {
            var left = -1L;
            if (use.Source == CreditSource.CreditNote && _documents.TryGetValue(use.Ordinal, out var note) && !note.IsInvoice)
            {
                note.Settled += sign * use.Amount.Minor;
                left = note.Open;
            }
            else if (use.Source == CreditSource.Payment && _payments.TryGetValue(use.Ordinal, out var payment) && payment is { IsOutgoing: false, Status: PaymentStatus.Booked })
            {
                payment.PaidBack += sign * use.Amount.Minor;
                left = Math.Min(payment.Credit, payment.PaidBack);
            }

            if (left < 0 || use.Amount.Minor <= 0) complain(Check.Allocations, $"payment {paidBack.Ordinal} pays back {use.Amount.Minor} that is not left of {use.Source} {use.Ordinal}");
        }
    }

    private void Release(int ordinal, PaymentStatus status, string? reversedBy)
    {
        if (!_payments.TryGetValue(ordinal, out var payment))
        {
            complain(Check.Allocations, $"payment {ordinal} is {status} and does not exist");
            return;
        }

        if (payment.Status != PaymentStatus.Booked)
        {
            complain(Check.Once, $"payment {ordinal} becomes {status} and is {payment.Status} already");
            return;
        }

        foreach (var (document, minor) in payment.Allocations) _documents[document].Settled -= minor;
        payment.Allocations.Clear();
        if (payment.PaidBack != 0) complain(Check.Allocations, $"payment {ordinal} becomes {status}, and {payment.PaidBack} of it went out before");
        (payment.Status, payment.ReversedBy) = (status, reversedBy);
        if (reversedBy is not null) payment.TakenBackBy.Add(reversedBy);
        Balance += payment.Payment.Amount.Minor;
        if (payment.IsOutgoing) Use(payment.Payment, UsesOf(payment.Payment), -1);
    }
}
