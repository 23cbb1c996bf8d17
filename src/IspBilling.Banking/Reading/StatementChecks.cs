using System.Globalization;
using System.Runtime.CompilerServices;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>What must hold of every statement, whatever its format: bounds, dates, balances, and that statements follow each other.</summary>
internal static class StatementChecks
{
    /// <summary>Two digits of a year are read as 2000 … 2079, and no bank's file of today is older than this.</summary>
    private static readonly DateOnly FirstDay = new(1990, 1, 1);

    private static readonly DateOnly LastDay = new(2079, 12, 31);
    private const int DaysAheadMax = 31;

    public static async IAsyncEnumerable<StatementItem> Check(
        IAsyncEnumerable<StatementItem> items, StatementReaderOptions options, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var chain = new StatementChain();
        var lastDay = options.Today?.AddDays(DaysAheadMax) ?? LastDay;
        StatementProof? proof = null;
        await foreach (var item in items.WithCancellation(cancellation))
        {
            switch (item)
            {
                case StatementOpened opened:
                    proof = new StatementProof(opened, options.Limits, fileName);
                    proof.RequireOpeningBound();
                    yield return opened;
                    if (chain.Gap(opened) is { } gap) yield return gap;
                    break;
                case StatementEntryRead read when proof is not null:
                    RequireDay(read.Entry, lastDay, fileName);
                    yield return proof.Place(read);
                    break;
                case StatementClosed closed when proof is not null:
                    foreach (var last in proof.Close(closed)) yield return last;
                    chain.Remember(proof.Opened, closed);
                    break;
                case StatementWarning:
                    yield return item;
                    break;
                default:
                    throw new InvariantBrokenException($"a reader gave {item.GetType().Name} outside a statement");
            }
        }
    }

    private static void RequireDay(StatementEntry entry, DateOnly lastDay, string fileName)
    {
        if (entry.BookedOn >= FirstDay && entry.BookedOn <= lastDay) return;
        throw new StatementFormatException(
            fileName, entry.Position, string.Create(CultureInfo.InvariantCulture, $"a booking date from {FirstDay:yyyy-MM-dd} to {lastDay:yyyy-MM-dd}"),
            entry.BookedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}
