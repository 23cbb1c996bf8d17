using IspBilling.Domain;

namespace IspBilling.Engine.Identity;

/// <summary>What is left when everything that agrees has been paired: what only earlier statements tell, and what only this one does.</summary>
/// <param name="known">By statement and days.</param>
/// <param name="told">By days and direction.</param>
internal sealed class UntoldEntries(
    IEnumerable<IGrouping<(long Statement, BalanceSpan Days), ToldEntry>> known, IEnumerable<IGrouping<(BalanceSpan Days, EntryDirection Direction), ToldEntry>> told)
{
    private static readonly OfDays Nothing = new([]);

    private readonly Dictionary<(long, BalanceSpan), OfDays> _known = known.ToDictionary(days => days.Key, days => new OfDays(days));
    private readonly Dictionary<(BalanceSpan, EntryDirection), decimal> _told = told.ToDictionary(days => days.Key, days => days.Sum(entry => (decimal)entry.Minor));

    /// <summary>What an earlier statement tells of these days.</summary>
    public OfDays In(long statement, BalanceSpan days) => _known.GetValueOrDefault((statement, days), Nothing);

    /// <summary>What only this statement tells of these days of its own.</summary>
    public decimal SumOf(BalanceSpan days, EntryDirection direction) => _told.GetValueOrDefault((days, direction));

    internal sealed class OfDays(IEnumerable<ToldEntry> entries)
    {
        private readonly ToldEntry[] _entries = [.. entries.OrderBy(entry => entry.Minor)];

        /// <summary>The one that an entry is likeliest a part of; else one that is a part of it; else any. Null where there is none.</summary>
        public ToldEntry? Like(ToldEntry told)
        {
            ToldEntry? smaller = null;
            foreach (var entry in _entries)
            {
                if (entry.Direction != told.Direction) continue;
                if (entry.Minor >= told.Minor) return entry;
                smaller = entry;
            }

            return smaller ?? (_entries.Length > 0 ? _entries[0] : null);
        }

        /// <summary>Ids of those that moved money that way; of all where none did.</summary>
        public IReadOnlyList<long> AllLike(EntryDirection direction)
        {
            long[] alike = [.. _entries.Where(entry => entry.Direction == direction).Select(entry => entry.Key)];
            return alike.Length > 0 ? alike : [.. _entries.Select(entry => entry.Key)];
        }

        /// <summary>Whether an entry may be a part of one of these, or they parts of it.</summary>
        /// <param name="told">Together with what else only its statement tells that way.</param>
        public bool MayHold(ToldEntry entry, decimal told)
        {
            var (parts, sum) = (0, 0m);
            foreach (var other in _entries)
            {
                if (other.Direction != entry.Direction) continue;
                if (other.Minor > entry.Minor && told >= other.Minor) return true;
                if (other.Minor >= entry.Minor) continue;
                parts++;
                sum += other.Minor;
            }

            return parts > 1 && sum >= entry.Minor;
        }
    }
}
