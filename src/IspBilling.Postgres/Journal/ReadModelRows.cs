using System.Collections.Immutable;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Postgres.Copying;
using IspBilling.Postgres.Terms;

namespace IspBilling.Postgres.Journal;

/// <summary>What events mean for the tables that people and reports read. The audit recomputes the same from the journal.</summary>
internal sealed class ReadModelRows
{
    public readonly CopyRows Profiles = new("account_profiles (account_id, revision, profile)");
    public readonly CopyRows Documents = new(
        "documents (account_id, ordinal, version, issuer, kind, year, sequence, number, symbol, issued_on, supplied_on, " +
        "due_on, currency, net, tax, rounding, total, customer_revision, issuer_revision, run)");
    public readonly CopyRows Lines = new(
        "document_lines (account_id, document, line, reason, service, one_off, tariff, text, period_from, period_to, quantity, " +
        "unit_price, price_mode, vat_category, vat_rate, amount, corrects_document, corrects_line)");
    public readonly CopyRows Postings = new("postings (account_id, version, posted_on, ledger_account, vat_rate, amount, currency)");
    public readonly CopyRows Payments = new(
        "payments (account_id, ordinal, version, entry, amount, currency, booked_on, symbol, counter_account, order_reference, " +
        "rule, status)");
    public readonly CopyRows Allocations = new("allocations (account_id, version, source, source_ordinal, document, amount)");
    public readonly CopyRows CreditUses = new("credit_uses (account_id, version, payment, source, source_ordinal, amount)");
    public readonly CopyRows OpenItems = new("open_items (account_id, document, due_on, open, disputed)");
    public readonly CopyRows Terms = new(TermRows.Target);

    public readonly List<(AccountId Account, ProfileChanged Change)> Clients = [];

    /// <summary>Accounts whose terms of before are to go.</summary>
    public readonly List<long> ChangedClients = [];

    /// <summary>Accounts whose terms of contracts are to go.</summary>
    public readonly List<long> ChangedContracts = [];

    public readonly List<(AccountId Account, int Payment, PaymentStatus Status, string? ReversedBy)> PaymentStatuses = [];

    /// <summary>Documents issued before whose open amount or dispute changed.</summary>
    public readonly List<(AccountId Account, OpenDocument Document)> ChangedOpenItems = [];

    public void Clear()
    {
        foreach (var rows in new[] { Profiles, Documents, Lines, Postings, Payments, Allocations, CreditUses, OpenItems, Terms }) rows.Clear();
        Clients.Clear();
        ChangedClients.Clear();
        ChangedContracts.Clear();
        PaymentStatuses.Clear();
        ChangedOpenItems.Clear();
    }

    public void Add(AccountCommit commit, AccountEvent happened, long version)
    {
        var account = commit.Account;
        switch (happened)
        {
            case ProfileChanged changed:
                AddProfile(account, changed);
                break;
            case ContractAgreed or ContractRemoved:
                if (ChangedContracts.Count == 0 || ChangedContracts[^1] != account.Value) ChangedContracts.Add(account.Value);
                break;
            case DocumentIssued issued:
                AddDocument(account, issued.Document, version);
                AddPostings(account, version, issued.Document.IssuedOn, Domain.Postings.Of(issued.Document));
                AddSettlements(account, version, issued.Settlements);
                break;
            case PaymentBooked booked:
                AddPayment(account, booked.Payment, version);
                AddPostings(account, version, booked.Payment.BookedOn, Domain.Postings.OfPayment(booked.Payment.Amount));
                foreach (var allocation in booked.Payment.Allocations) AddAllocation(account, version, CreditSource.Payment, booked.Payment.Ordinal, allocation);
                break;
            case MoneyPaidBack back:
                AddPayment(account, back.Payment, version);
                AddPostings(account, version, back.Payment.BookedOn, Domain.Postings.OfPayment(back.Payment.Amount));
                foreach (var released in back.Released)
                    AddAllocation(account, version, CreditSource.Payment, back.Payment.Uses!.Value[0].Ordinal, released with { Amount = -released.Amount });
                AddUses(account, version, back.Payment, 1);
                break;
            case PaymentRestored restored:
                var again = commit.Before.Payments.First(payment => payment.Ordinal == restored.Payment);
                PaymentStatuses.Add((account, restored.Payment, PaymentStatus.Booked, null));
                AddPostings(account, version, restored.On, Domain.Postings.OfPayment(again.Amount));
                AddUses(account, version, again, 1);
                break;
            case PaymentReversed reversed:
                Release(commit, reversed.Payment, PaymentStatus.Reversed, reversed.Entry, reversed.On, version);
                break;
            case PaymentUnassigned unassigned:
                Release(commit, unassigned.Payment, PaymentStatus.Unassigned, reversedBy: null, unassigned.On, version);
                break;
            case CreditUsed used:
                AddSettlements(account, version, used.Settlements);
                break;
        }
    }

    /// <summary>Compares the state before and after: what is open, and only that, has a row.</summary>
    /// <remarks>
    /// No document is settled and leaves the state as history in one commit: what settled it is of that commit, and what is tied by
    /// an allocation leaves together.
    /// </remarks>
    public void AddOpenItems(AccountCommit commit, FinishedCommit finished)
    {
        foreach (var document in finished.State.Documents)
        {
            if (document.Ordinal > commit.Before.LastDocument)
            {
                if (!document.Open.IsZero) AddOpenItem(commit.Account, document);
                continue;
            }

            var before = commit.Before.FindDocument(document.Ordinal);
            if (before is not null && !ReferenceEquals(before, document) && (before.Open != document.Open || before.Disputed != document.Disputed))
                ChangedOpenItems.Add((commit.Account, document));
        }
    }

    /// <summary>What the client is found by from now on; called once for a commit, after its events.</summary>
    public void AddTerms(AccountId account, AccountState state)
    {
        if (ChangedContracts.Count > 0 && ChangedContracts[^1] == account.Value) TermRows.Add(Terms, account, ClientTerms.Of(state.Contracts));

        // A commit may change the particulars twice; the newest stands.
        if (Clients.Count == 0 || Clients[^1].Account != account) return;
        var (_, change) = Clients[^1];
        if (change.Revision > 1) ChangedClients.Add(account.Value);
        TermRows.Add(Terms, account, ClientTerms.Of(change.Profile));
    }

    private void AddOpenItem(AccountId account, OpenDocument document)
    {
        OpenItems.StartRow();
        OpenItems.Int64(account.Value);
        OpenItems.Int32(document.Ordinal);
        OpenItems.Date(document.DueOn);
        OpenItems.Int64(document.OpenDebt.Minor);
        OpenItems.Bool(document.Disputed);
    }

    private void AddProfile(AccountId account, ProfileChanged changed)
    {
        Profiles.StartRow();
        Profiles.Int64(account.Value);
        Profiles.Int32(changed.Revision);
        Profiles.Json(changed.Profile, static (writer, profile) => JsonSerializer.Serialize(writer, profile, JournalJson.Options));
        Clients.Add((account, changed));
    }

    private void AddDocument(AccountId account, Document document, long version)
    {
        Documents.StartRow();
        Documents.Int64(account.Value);
        Documents.Int32(document.Ordinal);
        Documents.Int64(version);
        Documents.Int32(document.Series.Issuer.Value);
        Documents.Int16((short)document.Kind);
        Documents.Int16((short)document.Series.Year);
        Documents.Int64(document.Sequence);
        Documents.Text(document.Number);
        Documents.Int64(document.Symbol?.Value);
        Documents.Date(document.IssuedOn);
        Documents.Date(document.SuppliedOn);
        Documents.Date(document.DueOn);
        Documents.Text(document.Currency.Code);
        Documents.Int64(document.Net().Minor);
        Documents.Int64(document.Tax().Minor);
        Documents.Int64(document.Rounding.Minor);
        Documents.Int64(document.Total.Minor);
        Documents.Int32(document.CustomerRevision);
        Documents.Int32(document.IssuerRevision);
        Documents.Uuid(document.Run?.Value);
        foreach (var line in document.Lines) AddLine(account, document, line);
    }

    private void AddLine(AccountId account, Document document, DocumentLine line)
    {
        Lines.StartRow();
        Lines.Int64(account.Value);
        Lines.Int32(document.Ordinal);
        Lines.Int32(line.Number);
        Lines.Int16((short)line.Reason);
        Lines.Int32(line.Service);
        Lines.Text(line.OneOff);
        Lines.Int32(line.Tariff?.Value);
        Lines.Text(line.Text);
        Lines.Date(line.Period?.From);
        Lines.Date(line.Period?.To);
        Lines.Int64(line.Quantity.Thousandths);
        Lines.Int64(line.UnitPrice.Minor);
        Lines.Int16((short)line.PriceMode);
        Lines.Int16((short)line.VatCategory);
        Lines.Int32(line.VatRate.BasisPoints);
        Lines.Int64(line.Amount.Minor);
        Lines.Int32(line.Corrects?.Document);
        Lines.Int32(line.Corrects?.Line);
    }

    private void AddPostings(AccountId account, long version, DateOnly on, ImmutableArray<Posting> postings)
    {
        foreach (var posting in postings)
        {
            Postings.StartRow();
            Postings.Int64(account.Value);
            Postings.Int64(version);
            Postings.Date(on);
            Postings.Int16((short)posting.Account);
            Postings.Int32(posting.VatRate.BasisPoints);
            Postings.Int64(posting.Amount.Minor);
            Postings.Text(posting.Amount.Currency.Code);
        }
    }

    private void AddPayment(AccountId account, Payment payment, long version)
    {
        Payments.StartRow();
        Payments.Int64(account.Value);
        Payments.Int32(payment.Ordinal);
        Payments.Int64(version);
        Payments.Text(payment.Entry);
        Payments.Int64(payment.Amount.Minor);
        Payments.Text(payment.Amount.Currency.Code);
        Payments.Date(payment.BookedOn);
        Payments.Int64(payment.Symbol?.Value);
        Payments.Text(payment.CounterAccount);
        Payments.Text(payment.OrderReference);
        Payments.Int16((short)payment.Rule);
        Payments.Int16((short)payment.Status);
    }

    private void Release(AccountCommit commit, int ordinal, PaymentStatus status, string? reversedBy, DateOnly on, long version)
    {
        var payment = commit.Before.Payments.First(payment => payment.Ordinal == ordinal);
        PaymentStatuses.Add((commit.Account, ordinal, status, reversedBy));
        AddPostings(commit.Account, version, on, Domain.Postings.OfPayment(-payment.Amount));
        foreach (var allocation in payment.Allocations)
            AddAllocation(commit.Account, version, CreditSource.Payment, ordinal, allocation with { Amount = -allocation.Amount });
        AddUses(commit.Account, version, payment, -1);
    }

    /// <param name="sign">1 when money goes out, -1 when it is back.</param>
    private void AddUses(AccountId account, long version, Payment payment, int sign)
    {
        if (payment.Uses is not { } uses) return;
        foreach (var use in uses)
        {
            CreditUses.StartRow();
            CreditUses.Int64(account.Value);
            CreditUses.Int64(version);
            CreditUses.Int32(payment.Ordinal);
            CreditUses.Int16((short)use.Source);
            CreditUses.Int32(use.Ordinal);
            CreditUses.Int64(sign * use.Amount.Minor);
        }
    }

    private void AddSettlements(AccountId account, long version, ImmutableArray<Settlement> settlements)
    {
        foreach (var settlement in settlements)
            AddAllocation(account, version, settlement.Source, settlement.SourceOrdinal, new Allocation(settlement.Document, settlement.Amount));
    }

    private void AddAllocation(AccountId account, long version, CreditSource source, int ordinal, Allocation allocation)
    {
        Allocations.StartRow();
        Allocations.Int64(account.Value);
        Allocations.Int64(version);
        Allocations.Int16((short)source);
        Allocations.Int32(ordinal);
        Allocations.Int32(allocation.Document);
        Allocations.Int64(allocation.Amount.Minor);
    }
}
