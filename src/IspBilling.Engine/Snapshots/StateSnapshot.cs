using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// An account's state as bytes: what the journal's events fold to, kept so that nobody has to fold them each time. It is read and
/// rewritten with every command, so it is compact; events, which people read in twenty years, are JSON.
/// </summary>
/// <remarks>
/// It is a cache of the journal. A change of <see cref="AccountState"/> raises <see cref="Format"/>; snapshots from
/// <see cref="OldestReadable"/> on are still read, with what is new filled in, and the account's next commit stores it in the new format.
/// All others are folded again from the journal when their account is loaded (docs/adr/0010).
/// </remarks>
public static class StateSnapshot
{
    /// <summary>First byte of every snapshot that is written.</summary>
    public const byte Format = 6;

    /// <summary>Of the first releases: every segment, document and payment in full.</summary>
    internal const byte FirstFormat = 1;

    /// <summary>Of the release before: steps of dunning by their place in the policy.</summary>
    internal const byte StepsByPlace = 2;

    /// <summary>
    /// The first that knows by which terms and under which catalogue a stretch is charged, what changed since the last document, the tax left
    /// of credited ones, revisions of pushes, and items that left. A migration marks the snapshots of accounts that had such items before.
    /// </summary>
    internal const byte FormatOfTerms = 3;

    /// <summary>The first that knows contracts; before it nobody had any.</summary>
    internal const byte FormatOfContracts = 4;

    /// <summary>
    /// The first with a kind on each change of a service, and that knows when something happened to a payment: one of an older snapshot is as old as
    /// the bank says.
    /// </summary>
    internal const byte FormatOfKinds = 4;

    /// <summary>
    /// The first that knows which days documents charged once and took back, which days of a stretch a line charges, and exactly which days an event
    /// after the last document changed. Accounts whose older snapshot remembers a credit note, or such an event, are folded again: only there can any be.
    /// </summary>
    internal const byte FormatOfTakenBack = 5;

    /// <summary>
    /// The first that knows which messages were accepted, and groups of clients. Before it there was no delivery, and whoever was reminded counted as told: nobody was.
    /// </summary>
    internal const byte FormatOfNotices = 5;

    /// <summary>The first that knows what is known against an e-mail address; before it nobody read what came back.</summary>
    internal const byte FormatOfEmailMarks = 6;

    /// <summary>
    /// At most <see cref="Format"/> - 1, so that an upgrade folds no account again; raised together with <see cref="Format"/> only where
    /// what is new, or what the same events now fold to, does not follow from an older snapshot.
    /// </summary>
    public const byte OldestReadable = 1;

    [ThreadStatic]
    private static SnapshotWriter? threadWriter;

    /// <returns>Valid on this thread until the next snapshot is written.</returns>
    public static ReadOnlySpan<byte> Write(AccountState state)
    {
        var writer = threadWriter ??= new SnapshotWriter();
        writer.Begin(state.Balance.Currency);
        StateShape.Write(writer, state);
        return writer.Written;
    }

    /// <remarks>
    /// An older one of an account in the middle of dunning is not: its steps have no names, and only the journal tells them. There are few,
    /// and each is folded again once.
    /// </remarks>
    public static bool IsReadable(ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.IsEmpty || !Reads(snapshot[0])) return false;
        return IsCurrent(snapshot) || !LacksMeaning(snapshot);
    }

    /// <summary>
    /// Whether a snapshot says all that deciding needs. One of an earlier release does not say which tax its credit notes have left of the
    /// documents that they correct, nor which days these took back, nor which events changed a service after its last document: accounts of that
    /// kind are folded again, once.
    /// </summary>
    /// <param name="state">What it is read as.</param>
    public static bool IsWhole(ReadOnlySpan<byte> snapshot, AccountState state)
    {
        if (snapshot[0] >= FormatOfTakenBack) return true;
        if (state.Services.Any(service => service.ChangedSinceBilled)) return false;

        foreach (var document in state.Documents)
        {
            if (document.IsCredit) return false;
        }

        return true;
    }

    /// <summary>As much of a state as a snapshot of an older format tells.</summary>
    public static AccountState AsToldBy(byte format, AccountState state) => format >= FormatOfEmailMarks ? state : AsToldBeforeMarks(format, state with { EmailMark = null });

    private static AccountState AsToldBeforeMarks(byte format, AccountState state) => format >= FormatOfNotices ? state : AsToldBeforeDelivery(format, state with
    {
        Profile = state.Profile is { } profile ? profile with { Group = null } : null,
        Dunning = state.Dunning with { Taken = [.. state.Dunning.Taken.Select(step => new TakenStep(step.Code, step.On, ToldOn: null, HeardOn: null))] },
    });

    private static AccountState AsToldBeforeDelivery(byte format, AccountState state) => format switch
    {
        >= FormatOfTakenBack => state,
        >= FormatOfKinds => WithoutTakenBack(state),
        >= FormatOfTerms => Unchanged(WithoutTakenBack(state)),
        _ => Unchanged(WithoutTakenBack(state)) with { TaxRemainders = [] },
    };

    private static AccountState WithoutTakenBack(AccountState state) => state with
    {
        Services = [.. state.Services.Select(service => service with { TakenBack = [], PastChanges = [], Changes = [] })],
    };

    private static AccountState Unchanged(AccountState state) => state with { Payments = [.. state.Payments.Select(payment => payment with { ChangedOn = null })] };

    /// <summary>Whether a program that writes <see cref="Format"/> wrote it.</summary>
    public static bool IsCurrent(ReadOnlySpan<byte> snapshot) => !snapshot.IsEmpty && snapshot[0] == Format;

    /// <exception cref="FormatException">The bytes are not a whole snapshot of a format that can be read.</exception>
    /// <exception cref="InvariantBrokenException">A value in it cannot exist: a period that ends before it begins.</exception>
    public static AccountState Read(ReadOnlySpan<byte> snapshot)
    {
        var reader = new SnapshotReader(snapshot);
        var state = StateShape.Read(ref reader);
        reader.RequireEnd();
        return reader.LacksMeaning ? throw new FormatException("a snapshot from before steps of dunning were known by their codes, or their messages by what became of them, with a step in it") : state;
    }

    /// <summary>Whether something that is meant now does not follow from it; damage is for <see cref="Read"/> to tell.</summary>
    private static bool LacksMeaning(ReadOnlySpan<byte> snapshot)
    {
        try
        {
            var reader = new SnapshotReader(snapshot);
            StateShape.Read(ref reader);
            return reader.LacksMeaning;
        }
        catch (Exception damaged) when (damaged is FormatException or InvariantBrokenException)
        {
            return false;
        }
    }

    internal static bool Reads(byte format) => format is >= OldestReadable and <= Format;
}
