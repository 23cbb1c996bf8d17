using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Storage;

/// <param name="CatalogueRevision">Of the catalogue that the account was last billed under.</param>
/// <param name="LookOn">From when on dunning may have something to do with it, whatever the policy: it is restricted, or something is overdue.</param>
public sealed record AccountInBooks(
    AccountId Id, AccountStatus Status, IssuerId Issuer, DateOnly? NextBillOn, DateOnly? NextReviewOn, long CatalogueRevision, DateOnly? LookOn);

public sealed record DocumentInBooks(AccountId Account, int Ordinal, string Number, VariableSymbol? Symbol, DateOnly IssuedOn, RunId? Run);

public sealed record PaymentInBooks(AccountId Account, Payment Payment, PaymentStatus Status, string? ReversedBy);

/// <param name="Version">Of the event that it belongs to.</param>
public readonly record struct PostingInBooks(AccountId Account, long Version, Posting Posting);

/// <summary>The postings of an event, as they are written beside it.</summary>
/// <param name="before">The state that the commit was decided on.</param>
public delegate ImmutableArray<Posting> PostingRule(AccountState before, AccountEvent happened);

/// <summary>The tables that a commit writes besides the journal, in memory: what runs, imports and reviews find accounts by.</summary>
public sealed class Books(PostingRule postings)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<AccountId, AccountInBooks> _accounts = [];
    private readonly Dictionary<long, List<DocumentInBooks>> _bySymbol = [];
    private readonly Dictionary<string, List<DocumentInBooks>> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<RunId, SortedSet<AccountId>> _byRun = [];
    private readonly Dictionary<long, SortedSet<AccountId>> _clients = [];
    private readonly Dictionary<AccountId, long?> _first = [];
    private readonly Dictionary<AccountId, long> _own = [];
    private readonly Dictionary<(AccountId Account, long Symbol), DateOnly> _given = [];
    private readonly List<PaymentInBooks> _payments = [];
    private readonly Dictionary<(AccountId Account, int Ordinal), int> _paymentAt = [];
    private readonly Dictionary<string, List<int>> _paymentsOfEntry = [];
    private readonly List<PostingInBooks> _postings = [];
    private readonly Dictionary<AccountId, Standing> _standings = [];

    public IReadOnlyList<AccountInBooks> Accounts => AccountsAfter(default);

    public IReadOnlyList<PaymentInBooks> Payments
    {
        get
        {
            lock (_gate) return [.. _payments];
        }
    }

    /// <summary>What was posted after the first rows.</summary>
    public IReadOnlyList<PostingInBooks> PostingsAfter(int rows)
    {
        lock (_gate) return _postings[rows..];
    }

    /// <summary>What the engine writes: documents as they are taxed, payments as they come and go.</summary>
    public static ImmutableArray<Posting> Post(AccountState before, AccountEvent happened)
    {
        return happened switch
        {
            DocumentIssued issued => Domain.Postings.Of(issued.Document),
            PaymentBooked booked => Domain.Postings.OfPayment(booked.Payment.Amount),
            MoneyPaidBack back => Domain.Postings.OfPayment(back.Payment.Amount),
            PaymentRestored restored => [.. TakenBack(restored.Payment).Select(posting => posting with { Amount = -posting.Amount })],
            PaymentReversed reversed => TakenBack(reversed.Payment),
            PaymentUnassigned unassigned => TakenBack(unassigned.Payment),
            _ => [],
        };

        ImmutableArray<Posting> TakenBack(int ordinal) => Domain.Postings.OfPayment(-before.Payments.First(payment => payment.Ordinal == ordinal).Amount);
    }

    public IReadOnlyList<AccountInBooks> AccountsAfter(AccountId after)
    {
        lock (_gate) return [.. _accounts.Values.Where(row => row.Id.CompareTo(after) > 0)];
    }

    public IReadOnlySet<AccountId> BilledBy(RunId run)
    {
        lock (_gate) return _byRun.TryGetValue(run, out var accounts) ? new SortedSet<AccountId>(accounts) : [];
    }

    public IssuerId IssuerOf(AccountId account)
    {
        lock (_gate) return _accounts[account].Issuer;
    }

    /// <summary>Accounts whose own symbol it is.</summary>
    public IReadOnlyList<AccountId> ClientsOf(long symbol)
    {
        lock (_gate) return _clients.TryGetValue(symbol, out var accounts) ? [.. accounts] : [];
    }

    /// <summary>When the account was first given the symbol that it had last; null where it never had one, or was entered with it.</summary>
    public DateOnly? SymbolGivenOn(AccountId account)
    {
        lock (_gate) return _own.TryGetValue(account, out var symbol) && _first[account] != symbol ? _given[(account, symbol)] : null;
    }

    public IReadOnlyList<DocumentInBooks> DocumentsOf(long symbol)
    {
        lock (_gate) return _bySymbol.TryGetValue(symbol, out var documents) ? [.. documents] : [];
    }

    public IReadOnlyList<DocumentInBooks> DocumentsNumbered(string number)
    {
        lock (_gate) return _byNumber.TryGetValue(number, out var documents) ? [.. documents] : [];
    }

    /// <summary>Null for an account that does not exist.</summary>
    public Standing? StandingOf(AccountId account)
    {
        lock (_gate) return _standings.GetValueOrDefault(account);
    }

    /// <summary>Payments that came by a statement entry or were taken back by it.</summary>
    public IReadOnlyList<PaymentInBooks> PaymentsOf(string entry)
    {
        lock (_gate) return _paymentsOfEntry.TryGetValue(entry, out var found) ? [.. found.Select(at => _payments[at])] : [];
    }

    /// <summary>What <see cref="InMemoryJournal.Committed"/> is meant for.</summary>
    public void Write(AccountCommit commit, FinishedCommit finished)
    {
        lock (_gate) WriteNow(commit, finished);
    }

    private void WriteNow(AccountCommit commit, FinishedCommit finished)
    {
        var version = commit.Head.Version;
        foreach (var happened in finished.Events)
        {
            Write(commit.Account, happened);
            version++;
            foreach (var posting in postings(commit.Before, happened)) _postings.Add(new PostingInBooks(commit.Account, version, posting));
        }

        _standings[commit.Account] = Standing(finished.State, commit.Context.IssuerOf(finished.State.RequiredProfile).Currency);
        _accounts[commit.Account] = new AccountInBooks(
            commit.Account, finished.State.Status, finished.State.RequiredProfile.Issuer, finished.NextBillOn, finished.NextReviewOn,
            commit.BilledUnder ?? (_accounts.TryGetValue(commit.Account, out var before) ? before.CatalogueRevision : commit.Context.Catalogue.Revision),
            LookOn(finished.State));
    }

    /// <summary>What is done beside a new policy of reminding: whoever owes or is restricted is reviewed under it.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            foreach (var row in _accounts.Values.Where(row => row.LookOn is not null && !(row.NextReviewOn <= row.LookOn)).ToList())
                _accounts[row.Id] = row with { NextReviewOn = row.LookOn };
        }
    }

    private static DateOnly? LookOn(AccountState state) => state.Level != ServiceLevel.Full
        ? AccountLimits.EarliestDate
        : state.Documents.Where(document => document is { Kind: DocumentKind.Invoice, Disputed: false, Open.IsPositive: true })
            .Select(document => (DateOnly?)document.DueOn.AddDays(1)).Min();

    private static Standing Standing(AccountState state, Currency currency)
    {
        var open = state.Documents.Where(document => document.Kind == DocumentKind.Invoice && document.Open.IsPositive).OrderBy(document => document.DueOn).ThenBy(document => document.Ordinal).ToList();
        var debt = open.Sum(currency, document => document.Open);
        return new Standing(state.Status == AccountStatus.Open, [.. open.Select(document => document.Open)], debt, debt - new Money(state.Balance.Minor, currency));
    }

    private void Write(AccountId account, AccountEvent happened)
    {
        switch (happened)
        {
            case ProfileChanged changed:
                foreach (var known in _clients.Values) known.Remove(account);
                _first.TryAdd(account, changed.Profile.AccountSymbol?.Value);
                if (changed.Profile.AccountSymbol is not { } own) break;
                Of(_clients, own.Value).Add(account);
                _given.TryAdd((account, own.Value), changed.On);
                _own[account] = own.Value;
                break;
            case DocumentIssued { Document: var document }:
                var row = new DocumentInBooks(account, document.Ordinal, document.Number, document.Symbol, document.IssuedOn, document.Run);
                if (document.Symbol is { } symbol) Of(_bySymbol, symbol.Value).Add(row);
                if (document.Kind == DocumentKind.Invoice) Of(_byNumber, document.Number).Add(row);
                if (document.Run is { } run) Of(_byRun, run).Add(account);
                break;
            case PaymentBooked { Payment: var payment }:
                Add(account, payment);
                break;
            case MoneyPaidBack { Payment: var payment }:
                Add(account, payment);
                break;
            case PaymentRestored restored:
                var back = _paymentAt[(account, restored.Payment)];
                _payments[back] = _payments[back] with { Status = PaymentStatus.Booked, ReversedBy = null };
                break;
            case PaymentReversed reversed:
                var at = _paymentAt[(account, reversed.Payment)];
                _payments[at] = _payments[at] with { Status = PaymentStatus.Reversed, ReversedBy = reversed.Entry };
                Of(_paymentsOfEntry, reversed.Entry).Add(at);
                break;
            case PaymentUnassigned unassigned:
                var taken = _paymentAt[(account, unassigned.Payment)];
                _payments[taken] = _payments[taken] with { Status = PaymentStatus.Unassigned };
                break;
        }
    }

    private void Add(AccountId account, Payment payment)
    {
        // An ordinal given twice is for the auditor to find, so it is taken here.
        _paymentAt[(account, payment.Ordinal)] = _payments.Count;
        Of(_paymentsOfEntry, payment.Entry).Add(_payments.Count);
        _payments.Add(new PaymentInBooks(account, payment, PaymentStatus.Booked, null));
    }

    private static TRows Of<TKey, TRows>(Dictionary<TKey, TRows> index, TKey key)
        where TKey : notnull
        where TRows : new()
    {
        if (!index.TryGetValue(key, out var rows)) index.Add(key, rows = new TRows());
        return rows;
    }
}
