using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>What can be wrong with the books.</summary>
public enum AuditCode
{
    /// <summary>Versions of an account do not run 1, 2, 3 …</summary>
    VersionGap,

    /// <summary>An event's hash does not follow from its content and the event before: one of them was changed, removed or inserted.</summary>
    ChainBroken,

    /// <summary>An event hashed as earlier releases did, without who asked and when, behind one that was not.</summary>
    ChainFormatWentBack,

    /// <summary>A personal text is not the one that its event committed to.</summary>
    PersonalTextDiffers,

    /// <summary>The account's row does not stand where its journal ends.</summary>
    HeadDiffers,

    /// <summary>An event whose name or payload this program cannot read.</summary>
    EventUnreadable,

    /// <summary>A command does not begin a commit or has no reply at its end.</summary>
    CommitMalformed,

    /// <summary>One command id on two commits of an account.</summary>
    CommandRepeated,

    /// <summary>Events without an account row, or the other way round.</summary>
    AccountMissing,

    /// <summary>The stored state is not what the events fold to.</summary>
    StateDiffers,

    /// <summary>A column of the account's row is not what its state says.</summary>
    AccountColumnDiffers,

    ProfileDiffers,
    ClientDiffers,
    DocumentDiffers,
    LineDiffers,
    PostingDiffers,
    PaymentDiffers,
    AllocationDiffers,
    OpenItemDiffers,

    /// <summary>Postings of one event do not sum to zero.</summary>
    PostingsUnbalanced,

    /// <summary>A document's lines, tax and rounding do not sum to its total.</summary>
    DocumentDoesNotAddUp,

    /// <summary>Documents or payments of an account are not numbered 1, 2, 3 …</summary>
    OrdinalGap,

    /// <summary>More is taken from a payment or credit note, or given to an invoice, than there is.</summary>
    OverAllocated,

    /// <summary>Two charged stretches of a service overlap.</summary>
    ChargedTwice,

    /// <summary>What lines charge for a service is not what its state says is charged.</summary>
    ChargesDiffer,

    /// <summary>A correction takes back more than its line charged, or names a line that does not exist.</summary>
    OverCorrected,

    /// <summary>A number of a series is missing or taken twice.</summary>
    NumberGap,

    /// <summary>Within a series, a higher number carries an earlier date.</summary>
    NumberDatesGoBack,

    /// <summary>A series does not stand behind its last document.</summary>
    SeriesDiffers,

    /// <summary>A matched statement entry without exactly its payments, or a payment whose entry does not exist or is not matched.</summary>
    EntryDiffers,

    /// <summary>An id that its bank never gives twice stands on two entries: one movement is booked twice.</summary>
    MovementRepeated,

    /// <summary>The entries of an account's day are not what the balances of its statements say: a movement is there twice, or not at all.</summary>
    MovementsDiffer,

    /// <summary>What an account's events say cannot be computed: an amount beyond what money holds, a state that cannot be.</summary>
    Uncomputable,

    /// <summary>An amount that no reader and no request would let in.</summary>
    AbsurdAmount,

    /// <summary>A rolled-up figure of the owner's reports is not what all accounts' events sum to.</summary>
    FigureDiffers,

    /// <summary>A delivery that no event asks for, one that is missing, or one that is other than the event asks for.</summary>
    DeliveryDiffers,

    /// <summary>The tax of a credit is not what the tax of its originals falls by.</summary>
    CreditedTaxDiffers,

    /// <summary>A term that the search finds a client by is missing, or is no longer theirs.</summary>
    TermDiffers,

    /// <summary>An entry of the settings journal is missing, changed or does not begin where the one before it ended.</summary>
    SettingsJournalBroken,

    /// <summary>A setting in force is not what the settings journal says last.</summary>
    SettingDiffers,
}

/// <param name="Account">Null for what belongs to no account: series, unbooked entries.</param>
/// <param name="Subject">What it is about: "version 17", "document 3, line 2", "series 1/Invoice/2026".</param>
public sealed record AuditFinding(AuditCode Code, AccountId? Account, string Subject, string Found, string Expected);

/// <param name="Findings">At most <see cref="MaxNamed"/>, ordered by account.</param>
/// <param name="FindingsTotal">All there are.</param>
public sealed record AuditReport(long Accounts, long Events, long Documents, IReadOnlyList<AuditFinding> Findings, long FindingsTotal)
{
    public const int MaxNamed = 1_000;

    /// <summary>
    /// Logins, hashes of passwords and hashes of keys that the settings journal has nothing to compare with: an earlier release stored them, or what it
    /// said of them was erased.
    /// </summary>
    public long Unverified { get; init; }

    public bool IsClean => FindingsTotal == 0;
}

public readonly record struct AuditProgress(long Accounts, long Of);
