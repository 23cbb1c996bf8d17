using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Storage;

/// <summary>Statement imports in memory. A file is stored whole or not at all; an entry's identity is unique for ever.</summary>
public sealed partial class MemoryImportStore(Books books) : IStatementImportStore
{
    /// <summary>More accounts under one key say no more than that it is ambiguous.</summary>
    private const int MaxPerKey = 20;

    private sealed class Row(EntryView view)
    {
        public EntryView View { get; set; } = view;
        public ToldEntry? Told { get; init; }
        public EntryPart[] Parts { get; set; } = [];
        public AssignmentStep? Step { get; set; }
        public int Generation { get; set; }
        public int Concerned { get; set; }
        public string? StepReason { get; set; }
    }

    private sealed class ReadStatement
    {
        public StatementSurvey Survey { get; } = new();
        public List<StatementEntryRead> Entries { get; } = [];
    }

    private readonly Dictionary<ImportId, StatementImport> _imports = [];
    private readonly List<ToldStatement> _statements = [];
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, Row> _byIdentity = [];

    public IEnumerable<EntryView> Entries => _rows.Select(Seen);

    public IEnumerable<StatementImport> Imports => _imports.Values;

    /// <summary>Whether an assignment of the entry is under way.</summary>
    public bool IsUnderWay(long entry) => RowOf(entry) is { Step: not null };

    public async Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        if (_imports.TryGetValue(import.Id, out var known)) return known;
        try
        {
            var read = new List<ReadStatement>();
            await foreach (var item in items.WithCancellation(cancellation)) Take(read, item);
            return _imports.TryGetValue(import.Id, out known) ? known : Store(import, read);
        }
        catch (StatementFormatException refused)
        {
            _imports.TryAdd(import.Id, import with { Status = ImportStatus.Refused, Refusal = refused.Message });
            throw;
        }
    }

    public ValueTask<StatementImport?> Find(ImportId import, CancellationToken cancellation) => ValueTask.FromResult(_imports.GetValueOrDefault(import));

    public ValueTask<IReadOnlyList<StatementImport>> Unfinished(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<StatementImport>>([.. _imports.Values.Where(import => import.Status == ImportStatus.Matching)]);

    public ValueTask<IReadOnlyList<StoredEntry>> PendingAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<StoredEntry>>([..
            _rows.Skip((int)after).Select(row => row.View)
                .Where(view => view.Import == import && view.State == EntryState.Pending)
                .Take(max)
                .Select(view => view.ToStored())]);

    public ValueTask<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation)
    {
        var pending = _rows.Select(row => row.View).Where(view => view.Import == import && view.State == EntryState.Pending).Take(first);
        return BookedOf([.. pending.Select(view => view.Identity)], cancellation);
    }

    public ValueTask<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation)
    {
        var booked = new Dictionary<string, AccountId>();
        foreach (var identity in identities)
        {
            foreach (var row in books.PaymentsOf(identity))
            {
                if (row.ReversedBy == identity || (row.Payment.Entry == identity && row.Status != PaymentStatus.Unassigned)) booked[identity] = row.Account;
            }
        }

        return ValueTask.FromResult<IReadOnlyDictionary<string, AccountId>>(booked);
    }

    public ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation) =>
        ValueTask.FromResult(symbols.Distinct().SelectMany(symbol => WithSymbol(symbol).OrderBy(candidate => candidate.IsSuggestion).Take(MaxPerKey).Select(candidate => (symbol, candidate)))
            .ToLookup(found => found.symbol, found => found.candidate));

    public ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyDictionary<AccountId, DateOnly>>(accounts.Where(account => books.SymbolGivenOn(account) is not null)
            .ToDictionary(account => account, account => books.SymbolGivenOn(account)!.Value));

    public ValueTask<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        var paid =
            from payer in payers
            from row in books.Payments
            where row.Payment.Amount.IsPositive && row.Payment.CounterAccount == payer.Payer && Stands(row, notYet)
                && row.Payment.Rule is MatchRule.ExactDocument or MatchRule.NamedDocument or MatchRule.AccountSymbol or MatchRule.Clerk
            group (row.Payment.BookedOn, IsReviewed: IsReviewed(row.Payment.Entry)) by (Payer: payer, row.Account) into days
            let taught = days.Where(day => !day.IsReviewed).Select(day => day.BookedOn).ToList()
            let first = taught.Count > 0 ? taught.Min() : days.Min(day => day.BookedOn)
            orderby taught.Count == 0, first, days.Key.Account
            select (days.Key.Payer, days.Key.Account, First: first, IsReviewed: taught.Count == 0);
        return ValueTask.FromResult(paid.ToLookup(
            row => row.Payer,
            row => (Proposed(row.IsReviewed, Of(row.Payer.Receiver, new Candidate(row.Account, MatchRule.KnownPayer, $"the payer's account has paid this client since {row.First:yyyy-MM-dd}"))), row.First)));

        bool IsReviewed(string entry) => _byIdentity.TryGetValue(entry, out var row) && row.View.AssignedBy == SuspenseReview.By;

        static Candidate Proposed(bool isReviewed, Candidate candidate) => isReviewed ? candidate with { IsSuggestion = true } : candidate;
    }

    public ValueTask<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation)
    {
        var payments = books.Payments;
        return ValueTask.FromResult(reversals.SelectMany(reversal => Holders(payments, reversal, notYet).Select(holder => (reversal.Id, holder)))
            .ToLookup(found => found.Id, found => found.holder));
    }

    public ValueTask<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation)
    {
        var payments = books.Payments;
        var near =
            from reversal in reversals
            from row in payments.Where(row => row.Status == PaymentStatus.Booked && IsNear(row.Payment, reversal.Entry) && CameByTheSame(reversal.Receiver, row.Payment))
                .OrderByDescending(row => HasAmount(row, reversal.Entry)).ThenByDescending(row => Agreement(row.Payment, reversal.Entry)).ThenByDescending(row => row.Payment.Ordinal)
                .DistinctBy(row => row.Account).Take(MaxPerKey)
            select (reversal.Id, Alike(row, reversal.Entry, $"payment {row.Payment.Ordinal} of {row.Payment.BookedOn:yyyy-MM-dd} over {row.Payment.Amount}"));
        return ValueTask.FromResult(near.ToLookup(found => found.Id, found => found.Item2));
    }

    public ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyDictionary<AccountId, Standing>>(
            accounts.Distinct().Select(account => (account, standing: books.StandingOf(account))).Where(found => found.standing is not null)
                .ToDictionary(found => found.account, found => found.standing!));

    public ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        foreach (var outcome in outcomes)
        {
            if (RowOf(outcome.Entry) is not { View.State: EntryState.Pending } row || row.View.Import != import) continue;
            row.View = After(row.View, outcome);
            Count(import, counts => Counted(counts, outcome.State, 1, row.View.Entry));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<StatementImport> Finish(ImportId import, DateTimeOffset at, CancellationToken cancellation)
    {
        var stored = _imports[import];
        if (stored.Status == ImportStatus.Matching) _imports[import] = stored with { Status = ImportStatus.Finished, FinishedAt = at };
        return ValueTask.FromResult(_imports[import]);
    }

    public ValueTask<EntryView?> FindEntry(long entry, CancellationToken cancellation) => ValueTask.FromResult(RowOf(entry) is { } row ? Seen(row) : null);

    private static void Take(List<ReadStatement> read, StatementItem item)
    {
        switch (item)
        {
            case StatementOpened opened:
                read.Add(new ReadStatement());
                read[^1].Survey.Open(opened);
                break;
            case StatementEntryRead entry:
                // A list of movements may have no heading.
                if (read.Count == 0) read.Add(new ReadStatement());
                read[^1].Survey.Take(entry);
                read[^1].Entries.Add(entry);
                break;
            case StatementClosed closed:
                read[^1].Survey.Close(closed);
                break;
        }
    }

    private StatementImport Store(StatementImport import, List<ReadStatement> read)
    {
        var (nth, added, doubtful) = (0L, 0L, 0L);
        foreach (var statement in read.Where(statement => statement.Entries.Count > 0))
        {
            var told = statement.Survey.Told(_statements.Count + 1, import.Format);
            var owner = statement.Survey.Owner;
            var receiver = new Receiver(owner?.Issuer, owner is { } asked && asked.Currency != told.Currency);
            var entries = statement.Entries.ConvertAll(entry => ToldEntry.Of(entry, ++nth, told.Id));
            var verdicts = Recognise(told, statement.Entries, entries);
            _statements.Add(told);
            for (var i = 0; i < entries.Count; i++)
            {
                var verdict = verdicts[entries[i].Key];
                if (verdict.As == Recognised.Known) continue;
                var isDoubtful = verdict.As == Recognised.Doubtful;
                var identity = EntryIdentity.Of(statement.Entries[i], told.Account, told.Id, entries[i].Key);
                var view = new EntryView(
                    _rows.Count + 1, import.Id, statement.Entries[i].Entry, identity, isDoubtful ? EntryState.Suspense : EntryState.Pending, null, null, verdict.Why, [])
                {
                    Receiver = receiver, IsDoubtful = isDoubtful, LooksLike = verdict.Entry,
                };
                var row = new Row(view) { Told = entries[i] with { Key = view.Id, LooksLike = verdict.Entry } };
                _rows.Add(row);
                _byIdentity.Add(identity, row);
                added++;
                if (isDoubtful) doubtful++;
                if (verdict.Doubt is { } doubt) Doubt(view.Id, doubt);
            }
        }

        return _imports[import.Id] = import with
        {
            Status = ImportStatus.Matching,
            Counts = ImportCounts.None with { Read = nth, AlreadyKnown = nth - added, Suspense = doubtful },
        };
    }

    private IReadOnlyDictionary<long, Verdict> Recognise(ToldStatement told, List<StatementEntryRead> read, List<ToldEntry> entries)
    {
        var related = StatementRelations.Sharing(told, _statements);
        var ids = related.Select(other => other.Id).ToHashSet();
        var again = read.Select(entry => EntryIdentity.OfUnique(entry, told.Account)).Where(unique => unique is not null && _byIdentity.ContainsKey(unique)).Select(unique => _byIdentity[unique!]);
        var known = _rows.Where(row => ids.Contains(row.Told!.Statement!.Value)).Concat(again).Distinct().Select(row => row.Told!).OrderBy(entry => entry.Key);
        return Recognition.Of(told, entries, related, [.. known]);
    }

    /// <summary>The symbol's own account before accounts whose documents carry it; of several documents, the youngest is named.</summary>
    private List<Candidate> WithSymbol(ReceivedSymbol received)
    {
        List<Candidate> carrying = [.. Carrying(received)];
        return carrying.Exists(candidate => !candidate.IsSuggestion) || received.Symbol < SeriesKey.LeastSymbol ? carrying :
        [
            .. carrying,
            .. books.DocumentsNumbered(new VariableSymbol(received.Symbol).ToString()).Where(row => row.Symbol?.Value != received.Symbol).OrderBy(row => row.Account)
                .Select(row => Of(received.Receiver, new Candidate(row.Account, MatchRule.NamedDocument, $"it is the number of document {row.Number}") { Since = row.IssuedOn })),
        ];
    }

    private IEnumerable<Candidate> Carrying(ReceivedSymbol received)
    {
        foreach (var account in books.ClientsOf(received.Symbol)) yield return Of(received.Receiver, new Candidate(account, MatchRule.AccountSymbol, "the symbol is the account's own"));
        foreach (var carrying in books.DocumentsOf(received.Symbol).GroupBy(row => row.Account, (_, rows) => rows.OrderBy(row => row.Ordinal).ToList()).OrderBy(rows => rows[^1].Ordinal).ThenBy(rows => rows[0].Account))
            yield return Of(received.Receiver, new Candidate(carrying[0].Account, MatchRule.NamedDocument, $"document {carrying[^1].Number} carries the symbol") { Since = carrying.Min(row => row.IssuedOn) });
    }

    private Candidate Of(Receiver receiver, Candidate candidate) => candidate with { IsSuggestion = !receiver.Takes(books.IssuerOf(candidate.Account)) };

    private IEnumerable<Candidate> Holders(IReadOnlyList<PaymentInBooks> payments, StoredEntry reversal, IReadOnlyCollection<string> notYet)
    {
        var taken = payments.Where(row => row.ReversedBy == reversal.Identity).ToList();
        var alike = taken.Count > 0 ? taken : payments.Where(row => Stands(row, notYet) && LooksAlike(row.Payment, reversal.Entry) && CameByTheSame(reversal.Receiver, row.Payment));
        return alike.OrderByDescending(row => Agreement(row.Payment, reversal.Entry)).ThenByDescending(row => row.Payment.BookedOn).ThenBy(row => row.Account)
            .ThenByDescending(row => row.Payment.Ordinal).DistinctBy(row => row.Account).Take(MaxPerKey)
            .Select(row => Alike(row, reversal.Entry, $"payment {row.Payment.Ordinal} of {row.Payment.BookedOn:yyyy-MM-dd}"));
    }

    private static Candidate Alike(PaymentInBooks row, StatementEntry reversal, string payment) => new(
        row.Account, row.Payment.Rule,
        $"{payment} has {PaymentLikeness.InWords(HasAmount(row, reversal), HasOrder(row.Payment, reversal), HasSymbol(row.Payment, reversal), HasSender(row.Payment, reversal))}")
    { IsOfAmount = HasAmount(row, reversal) };

    private static bool HasAmount(PaymentInBooks row, StatementEntry reversal) => row.Payment.Amount == Signed(reversal);

    private static bool HasOrder(Payment payment, StatementEntry reversal) => reversal.OrderReference is not null && payment.OrderReference == reversal.OrderReference;

    private static bool HasSymbol(Payment payment, StatementEntry reversal) => reversal.VariableSymbol is not null && payment.Symbol == reversal.VariableSymbol;

    private static bool HasSender(Payment payment, StatementEntry reversal) => reversal.CounterAccount is not null && payment.CounterAccount == reversal.CounterAccount;

    /// <summary>The bank's order says most, the sender least.</summary>
    private static int Agreement(Payment payment, StatementEntry reversal) =>
        (HasOrder(payment, reversal) ? 4 : 0) + (HasSymbol(payment, reversal) ? 2 : 0) + (HasSender(payment, reversal) ? 1 : 0);

    /// <summary>Money goes back from where it came, wherever a clerk may have booked it.</summary>
    private bool CameByTheSame(Receiver receiver, Payment payment) =>
        receiver.Issuer is null || !_byIdentity.TryGetValue(payment.Entry.Split('/')[0], out var row) || row.View.Receiver.Issuer is not { } issuer || issuer == receiver.Issuer;

    /// <summary>Booked, as it was before some entries were.</summary>
    private static bool Stands(PaymentInBooks row, IReadOnlyCollection<string> notYet) =>
        (row.Status == PaymentStatus.Booked || (row.ReversedBy is { } by && notYet.Contains(by))) && !notYet.Contains(row.Payment.Entry);

    private static bool LooksAlike(Payment payment, StatementEntry reversal)
    {
        if (payment.Amount != Signed(reversal)) return false;
        if (reversal.OrderReference is not null && payment.OrderReference == reversal.OrderReference) return true;
        if (reversal.OrderReference is not null && payment.OrderReference is not null) return false;
        return reversal.VariableSymbol is not null
            ? payment.Symbol == reversal.VariableSymbol
            : reversal.CounterAccount is not null && payment.CounterAccount == reversal.CounterAccount;
    }

    private bool IsNear(Payment payment, StatementEntry reversal) =>
        (payment.Amount.Currency == reversal.Amount.Currency || (_byIdentity.TryGetValue(payment.Entry.Split('/')[0], out var row) && row.View.Entry.Amount.Currency == reversal.Amount.Currency))
        && payment.Amount.IsPositive == (reversal.Direction == EntryDirection.Debit)
        && (HasOrder(payment, reversal) || HasSymbol(payment, reversal)
            || (HasSender(payment, reversal) && (payment.Amount.Currency != reversal.Amount.Currency || payment.Amount.Abs.Minor <= reversal.Amount.Minor)));

    /// <summary>Of the payment that it takes back: a refund that came back takes back money that went out.</summary>
    private static Money Signed(StatementEntry reversal) => reversal.Direction == EntryDirection.Debit ? reversal.Amount : -reversal.Amount;

    private Row? RowOf(long entry) => entry >= 1 && entry <= _rows.Count ? _rows[(int)entry - 1] : null;

    private static EntryView After(EntryView view, EntryOutcome outcome) => view with
    {
        State = outcome.State,
        Account = outcome.Account,
        Rule = outcome.Rule,
        Reason = outcome.Reason,
        Candidates = outcome.Candidates,
    };

    private void Count(ImportId import, Func<ImportCounts, ImportCounts> counted) =>
        _imports[import] = _imports[import] with { Counts = counted(_imports[import].Counts) };

    private static ImportCounts Counted(ImportCounts counts, EntryState state, int times, StatementEntry entry)
    {
        var signed = entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;
        return state switch
        {
            EntryState.Matched => counts with { Matched = counts.Matched + times, MatchedMinor = counts.MatchedMinor + (times * signed) },
            EntryState.Suspense => counts with { Suspense = counts.Suspense + times },
            EntryState.Rejected => counts with { Rejected = counts.Rejected + times },
            _ => counts,
        };
    }
}
