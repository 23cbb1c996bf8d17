using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// An account's state as bytes: what the journal's events fold to, kept so that nobody has to fold them each time. It is read and
/// rewritten with every command, so it is compact; events, which people read in twenty years, are JSON.
/// </summary>
/// <remarks>
/// Nothing but a cache: a change of <see cref="AccountState"/> raises <see cref="Format"/>. The format before it is still read; an account
/// whose snapshot has any other format is folded anew from the journal when it is next loaded.
/// </remarks>
public static class StateSnapshot
{
    /// <summary>First byte of every snapshot that is written.</summary>
    public const byte Format = 2;

    /// <summary>Of the releases before: every segment, document and payment in full.</summary>
    internal const byte FirstFormat = 1;

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

    public static bool IsReadable(ReadOnlySpan<byte> snapshot) => !snapshot.IsEmpty && snapshot[0] is FirstFormat or Format;

    /// <exception cref="FormatException">The bytes are not a whole snapshot of a format that this program reads.</exception>
    /// <exception cref="InvariantBrokenException">A value in it cannot exist: a period that ends before it begins.</exception>
    public static AccountState Read(ReadOnlySpan<byte> snapshot)
    {
        var reader = new SnapshotReader(snapshot);
        var state = StateShape.Read(ref reader);
        reader.RequireEnd();
        return state;
    }
}
