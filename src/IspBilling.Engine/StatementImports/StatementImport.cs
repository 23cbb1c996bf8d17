using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

public readonly record struct ImportId(Guid Value);

/// <summary>Numbers are stored: never renumber.</summary>
public enum ImportStatus
{
    /// <summary>The file is being read; nothing of it is booked.</summary>
    Reading = 0,

    /// <summary>The file was not trusted; nothing of it was booked.</summary>
    Refused = 1,

    /// <summary>Read in full; its entries are being matched.</summary>
    Matching = 2,
    Finished = 3,

    /// <summary>Kept whole and not read further: it is of a bank account that is nobody's yet.</summary>
    Held = 4,
}

/// <summary>Where a statement entry ended, or that it still waits. Numbers are stored: never renumber.</summary>
public enum EntryState
{
    Pending = 0,

    /// <summary>Booked on an account, or took back a payment that was.</summary>
    Matched = 1,

    /// <summary>A person decides.</summary>
    Suspense = 2,

    /// <summary>Not a client's payment, with a reason.</summary>
    Rejected = 3,
}

/// <param name="AlreadyKnown">Entries that an earlier import brought; nothing happened to them.</param>
/// <param name="MatchedMinor">What was booked on accounts, less what reversals took back.</param>
public sealed record ImportCounts(long Read, long AlreadyKnown, long Matched, long Suspense, long Rejected, long MatchedMinor)
{
    public static readonly ImportCounts None = new(0, 0, 0, 0, 0, 0);
}

/// <param name="RequestedBy">Who uploaded the file, or what fetched it.</param>
/// <param name="Refusal">Why the file was refused: file, position, what was expected and found.</param>
/// <param name="Warnings">At most <see cref="MaxWarnings"/>.</param>
public sealed record StatementImport(
    ImportId Id,
    string FileName,
    string Format,
    Actor RequestedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    ImportStatus Status,
    ImportCounts Counts,
    IReadOnlyList<string> Warnings,
    string? Refusal)
{
    public const int MaxWarnings = 100;

    /// <summary>SHA-256 of the file, by which the same one is known again; null where nobody computed it. Only on its way into the store.</summary>
    public ReadOnlyMemory<byte>? ContentHash { get; init; }

    /// <summary>In whose name accounts are asked to book the file's entries. Kept, because thousands are asked.</summary>
    public Actor Asking { get; } = new(ActorKind.Import, Id.Value.ToString(), "statement import");
}

/// <summary>Why a person decides about an entry, whatever the rules say. Numbers are stored: never renumber.</summary>
public enum EntryHold
{
    /// <summary>A reversal of a statement that does not add up: which way it went is known from one letter only.</summary>
    DirectionUnproven = 1,

    /// <summary>One booking of several payments; who paid them is not told.</summary>
    Batch = 2,
}

/// <param name="Id">Assigned by the store, in file order.</param>
/// <param name="Identity">The same movement has the same identity in whatever file it comes.</param>
/// <param name="OtherTexts">What people wrote besides the entry's message, and what looked like a symbol and was not taken for one; a line each.</param>
public sealed record StoredEntry(long Id, string Identity, StatementEntry Entry, EntryHold? Hold = null, string? OtherTexts = null)
{
    public Receiver Receiver { get; init; }
}

/// <summary>Which account received the money. It decides whose clients may be booked.</summary>
/// <param name="Issuer">Null for an entry that came before issuers were asked: it may be anybody's.</param>
/// <param name="IsForeign">The account is in a currency that the issuer's clients are not billed in.</param>
public readonly record struct Receiver(IssuerId? Issuer, bool IsForeign)
{
    /// <summary>A client of another issuer, or in another currency, is only a suggestion.</summary>
    public bool Takes(IssuerId client) => !IsForeign && (Issuer is not { } issuer || issuer == client);
}

/// <summary>A symbol, as one receiver's clients carry it.</summary>
public readonly record struct ReceivedSymbol(Receiver Receiver, long Symbol);

/// <summary>Who paid one receiver.</summary>
public readonly record struct ReceivedFrom(Receiver Receiver, string Payer);

/// <summary>An account that an entry may belong to, and what says so.</summary>
/// <param name="Why">For the clerk: "document 2600000012 carries the symbol".</param>
public sealed record Candidate(AccountId Account, MatchRule Rule, string Why)
{
    /// <summary>A client whose issuer did not receive the money: for a person to see, never to be booked by a rule.</summary>
    public bool IsSuggestion { get; init; }

    /// <summary>Of a payment that a reversal may take back: it has the reversal's amount.</summary>
    public bool IsOfAmount { get; init; }

    /// <summary>
    /// The day from which its documents carry the symbol. Null where no document does: then it is the account's own, and
    /// <see cref="IStatementImportStore.SymbolsGiven"/> knows the day.
    /// </summary>
    public DateOnly? Since { get; init; }
}

/// <summary>An entry in suspense that is looked at again.</summary>
/// <param name="IsFree">Rules may book it: no clerk has decided anything about it, nothing holds it, and no other entry may be its money.</param>
public readonly record struct WaitingEntry(StoredEntry Stored, bool IsFree);

/// <summary>How one entry ended.</summary>
/// <param name="Reason">Why suspended, rejected or flagged.</param>
public sealed record EntryOutcome(
    long Entry, EntryState State, AccountId? Account, MatchRule? Rule, string? Reason, IReadOnlyList<Candidate> Candidates);

/// <summary>What the clerk's desk shows of an entry.</summary>
/// <param name="Account">Null also when a clerk split the entry over several.</param>
/// <param name="AssignedBy">The clerk who last assigned it or took it off; null when none ever did.</param>
/// <param name="OtherTexts">As in <see cref="StoredEntry.OtherTexts"/>.</param>
/// <param name="Fee">What the bank kept of a return; the parts and it are the entry's amount.</param>
/// <param name="ClosedWith">The entry that was closed together with this one: a payment that nobody claimed, and its storno.</param>
public sealed record EntryView(
    long Id, ImportId Import, StatementEntry Entry, string Identity, EntryState State, AccountId? Account, MatchRule? Rule, string? Reason,
    IReadOnlyList<Candidate> Candidates, Actor? AssignedBy = null, EntryHold? Hold = null, string? OtherTexts = null, Money? Fee = null,
    long? ClosedWith = null)
{
    public Receiver Receiver { get; init; }

    /// <summary>
    /// It may be money that is known already, and only a person can tell. No rule may ever book it, whatever becomes known of its client.
    /// </summary>
    public bool IsDoubtful { get; init; }

    /// <summary>The entry that a doubtful one may be; null where a statement tells its day whole and no entry there fits.</summary>
    public long? LooksLike { get; init; }

    /// <summary>
    /// Entries that may be the same money, on both sides of a doubt, in order of their ids; at most <see cref="MaxMayBe"/>. Without those that are
    /// closed, and those that a person told apart.
    /// </summary>
    public IReadOnlyList<long> MayBe { get; init; } = [];

    public const int MaxMayBe = 20;

    /// <summary>A person decides, because the money may be told by two entries that are not closed.</summary>
    public bool IsInDoubt => IsDoubtful || (State is EntryState.Pending or EntryState.Suspense && MayBe.Count > 0);

    /// <summary>As rules look at it.</summary>
    public StoredEntry ToStored() => new(Id, Identity, Entry, Hold, OtherTexts) { Receiver = Receiver };
}

/// <summary>How an account stands: what ranks it among candidates, and what an inference needs to know.</summary>
/// <param name="OpenInvoices">What is open of each invoice, the oldest first; at most <see cref="MaxInvoices"/>.</param>
/// <param name="Debt">Everything open.</param>
/// <param name="Credit">Payments and credit notes that nothing has used.</param>
public sealed record Standing(bool IsOpen, IReadOnlyList<Money> OpenInvoices, Money Debt, Money Credit)
{
    public const int MaxInvoices = 100;

    /// <summary>One invoice, or all of them together.</summary>
    public bool Owes(Money amount) => amount == Debt || OpenInvoices.Contains(amount);
}

/// <summary>Keeps imports and their entries; an entry's identity is unique for ever.</summary>
public interface IStatementImportStore
{
    /// <summary>
    /// Reads a file to its end and stores the entries that are new, in one transaction; those that may be known already wait in suspense.
    /// A refused file leaves nothing but the refusal.
    /// </summary>
    /// <exception cref="StatementFormatException">The file is refused; the refusal is stored.</exception>
    Task<StatementImport> Stage(StatementImport import, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation);

    ValueTask<StatementImport?> Find(ImportId import, CancellationToken cancellation);

    /// <summary>Imports whose entries a crash left pending.</summary>
    ValueTask<IReadOnlyList<StatementImport>> Unfinished(CancellationToken cancellation);

    /// <summary>The import's next pending entries, in file order.</summary>
    ValueTask<IReadOnlyList<StoredEntry>> PendingAfter(ImportId import, long after, int max, CancellationToken cancellation);

    /// <summary>
    /// Of the import's first pending entries, those that accounts have booked or taken a payment back for: a crash came between the
    /// accounts and the record.
    /// </summary>
    /// <param name="first">How many of the pending entries, in file order, are looked at.</param>
    /// <returns>By the entry's identity.</returns>
    ValueTask<IReadOnlyDictionary<string, AccountId>> BookedAlready(ImportId import, int first, CancellationToken cancellation);

    /// <summary>Of these entries, those that accounts have booked or taken a payment back for.</summary>
    /// <param name="identities">Of entries that are pending, or may be.</param>
    /// <returns>By the entry's identity.</returns>
    ValueTask<IReadOnlyDictionary<string, AccountId>> BookedOf(IReadOnlyCollection<string> identities, CancellationToken cancellation);

    /// <summary>Accounts whose open or settled documents, or whose own symbol, carry one of the symbols; those of the receiver first.</summary>
    ValueTask<ILookup<ReceivedSymbol, Candidate>> BySymbol(IReadOnlyCollection<ReceivedSymbol> symbols, CancellationToken cancellation);

    /// <summary>
    /// The day on which each account was first given the symbol of its own that it has now. Without accounts that were entered with it: theirs
    /// may be years older than their entry, and a payment may reach the provider before its client does.
    /// </summary>
    ValueTask<IReadOnlyDictionary<AccountId, DateOnly>> SymbolsGiven(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation);

    /// <summary>Accounts that a bank account paid before a date, matched by a symbol or a clerk (never by inference).</summary>
    /// <param name="notYet">Identities of entries whose payments and reversals are to be left out of account.</param>
    ValueTask<ILookup<ReceivedFrom, (Candidate Candidate, DateOnly FirstPaidOn)>> ByPayer(
        IReadOnlyCollection<ReceivedFrom> payers, IReadOnlyCollection<string> notYet, CancellationToken cancellation);

    /// <summary>Accounts of the receiver that hold a booked payment which a reversal could take back; when it has taken one back already, only that account.</summary>
    /// <param name="notYet">Identities of entries whose payments and reversals are to be left out of account.</param>
    /// <returns>By the id of the reversal, those first that agree with it in most: order, symbol, sender.</returns>
    ValueTask<ILookup<long, Candidate>> ByOriginal(
        IReadOnlyCollection<StoredEntry> reversals, IReadOnlyCollection<string> notYet, CancellationToken cancellation);

    /// <summary>
    /// Accounts that hold payments of a reversal's order, symbol or sender and of another amount: the bank's fee may be in it, or it takes
    /// back several payments or a part of one. The sender alone says nothing about a payment that is larger. For a person to look at.
    /// </summary>
    /// <returns>By the id of the reversal: those of its amount first, then those that agree in most.</returns>
    ValueTask<ILookup<long, Candidate>> NearOriginal(IReadOnlyCollection<StoredEntry> reversals, CancellationToken cancellation);

    /// <summary>How accounts stand now; of accounts that do not exist there is nothing.</summary>
    ValueTask<IReadOnlyDictionary<AccountId, Standing>> StandingOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation);

    /// <summary>Records outcomes and the import's counts, in one transaction.</summary>
    ValueTask Resolve(ImportId import, IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation);

    ValueTask<StatementImport> Finish(ImportId import, DateTimeOffset at, CancellationToken cancellation);

    ValueTask<EntryView?> FindEntry(long entry, CancellationToken cancellation);

    /// <summary>Stores what is to be done with an entry before anything is booked, so that a crash half-way is completed.</summary>
    /// <returns>
    /// Null when the entry is not in suspense, when an assignment of it is under way, or when money that may be the same is booked or about to be:
    /// <see cref="CounterpartsOf"/>.
    /// </returns>
    ValueTask<Assignment?> BeginAssignment(long entry, Actor by, Disposition disposition, CancellationToken cancellation);

    /// <summary>Stores that a clerk takes an entry off the accounts it is on, before any account is asked.</summary>
    /// <returns>Null when the entry is not matched, or an assignment of it is under way.</returns>
    ValueTask<Assignment?> BeginTakingOff(long entry, Actor by, string reason, CancellationToken cancellation);

    /// <summary>Ends one step of an assignment and begins another, about the first parts.</summary>
    /// <returns>Null when the assignment is no longer at that step.</returns>
    ValueTask<Assignment?> NextStep(Assignment assignment, AssignmentStep step, int parts, string reason, CancellationToken cancellation);

    /// <summary>Assignments that are under way; after a crash, those it interrupted. The oldest entries first.</summary>
    ValueTask<IReadOnlyList<Assignment>> UnfinishedAssignments(CancellationToken cancellation);

    /// <summary>Records how an assignment ended, and the import's counts. An entry back in suspense keeps no parts.</summary>
    /// <returns>False when the assignment is no longer at that step; nothing was recorded.</returns>
    ValueTask<bool> EndAssignment(Assignment assignment, EntryOutcome outcome, CancellationToken cancellation);

    /// <summary>The parts a clerk's assignment consists of; empty for an entry matched by rule.</summary>
    ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation);

    /// <summary>Closes an entry that is no client's, or a payment and its storno together: all of them or none.</summary>
    /// <param name="entries">One, or two that cancel each other.</param>
    /// <returns>False when one is not in suspense, or an assignment of it is under way.</returns>
    ValueTask<bool> Close(IReadOnlyList<long> entries, Actor by, string reason, CancellationToken cancellation);

    /// <summary>Puts a closed entry, and the one it was closed with, back in suspense.</summary>
    /// <remarks>Without the candidates that it had: they are ranked anew.</remarks>
    /// <returns>False when the entry is not closed.</returns>
    ValueTask<bool> Reopen(long entry, Actor by, string reason, CancellationToken cancellation);

    /// <summary>
    /// Entries that may be the same money as this one, in order of their ids: those on the other side of a doubt, and those that may be one of these.
    /// Not those of its own statement, which tells a movement once, nor those that a person told apart.
    /// </summary>
    ValueTask<IReadOnlyList<EntryView>> CounterpartsOf(long entry, CancellationToken cancellation);

    /// <summary>A person says that an entry and others are different movements; it holds both ways and for ever.</summary>
    /// <returns>False when an assignment of one of them is under way.</returns>
    ValueTask<bool> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation);

    /// <summary>
    /// Entries that wait without candidates and have something to be ranked by since this import: they came with it and look like known ones, or
    /// it told more of them. In order of their ids.
    /// </summary>
    ValueTask<IReadOnlyList<StoredEntry>> UnrankedAfter(ImportId import, long after, int max, CancellationToken cancellation);

    /// <summary>Booked and closed entries of which this import told more than was known, in order of their ids.</summary>
    ValueTask<IReadOnlyList<EntryView>> ToldMoreAfter(ImportId import, long after, int max, CancellationToken cancellation);

    /// <summary>Adds to what a booked or closed entry is flagged with, and to its import's warnings; told once, however often it is asked.</summary>
    /// <param name="import">The one that told more of it.</param>
    ValueTask Flag(ImportId import, long entry, string why, CancellationToken cancellation);

    /// <summary>Stores candidates of entries in suspense that have none; others are left as they are.</summary>
    /// <param name="candidates">Ranked, by the id of the entry.</param>
    ValueTask Propose(IReadOnlyDictionary<long, IReadOnlyList<Candidate>> candidates, CancellationToken cancellation);

    /// <summary>
    /// Stores for whom entries in suspense may be, where that has changed, and why they wait; but of those about which a clerk has decided
    /// something, and of doubtful ones, the reason stays.
    /// </summary>
    ValueTask Reconsider(IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation);

    /// <summary>Entries in suspense of which no assignment is under way, in order of their ids.</summary>
    ValueTask<IReadOnlyList<WaitingEntry>> WaitingAfter(long after, int max, CancellationToken cancellation);
}
