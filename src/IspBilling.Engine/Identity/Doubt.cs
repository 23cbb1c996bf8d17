namespace IspBilling.Engine.Identity;

/// <summary>
/// Money that may be told twice: whatever entries are told with this doubt may be the money of these known ones. It holds both ways, so that of
/// an entry and one of the other side only one is ever booked, until a person tells them apart. One object for all entries that share it.
/// </summary>
/// <param name="known">Ids of entries that are known.</param>
public sealed class Doubt(IReadOnlyList<long> known)
{
    public IReadOnlyList<long> Known { get; } = known;
}
