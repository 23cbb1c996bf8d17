using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Postgres.Journal;

/// <summary>Gives the documents of a flight their numbers, so that within a series dates never go backwards.</summary>
internal static class NumberAssignment
{
    /// <summary>Passengers whose document is dated before its series' last are landed with that answer and stay behind.</summary>
    public static Flight Assign(List<Passenger> passengers, NumberForecast numbers, Task before)
    {
        var boarded = new List<Passenger>(passengers.Count);
        var blocks = new Dictionary<SeriesKey, NumberBlock>();

        // Around midnight a flight holds two dates; numbers follow the dates.
        foreach (var passenger in passengers.OrderBy(passenger => passenger.Commit.Context.Today))
        {
            if (Refuse(passenger, numbers)) continue;
            passenger.Sequences = [.. passenger.Commit.Unnumbered().Select(document => Take(document, numbers, blocks))];
            boarded.Add(passenger);
        }

        boarded.Sort(static (a, b) => a.Account.CompareTo(b.Account));
        return new Flight(
            boarded,
            [.. blocks.Values.OrderBy(block => (block.Series.Issuer.Value, block.Series.Kind, block.Series.Year))],
            before,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private static bool Refuse(Passenger passenger, NumberForecast numbers)
    {
        foreach (var document in passenger.Commit.Unnumbered())
        {
            var last = numbers.LastIssuedOn(document.Series);
            if (document.IssuedOn >= last) continue;
            passenger.Land(new AppendResult.DateBeforeSeries(document.Series, last));
            return true;
        }

        return false;
    }

    private static long Take(Document document, NumberForecast numbers, Dictionary<SeriesKey, NumberBlock> blocks)
    {
        var sequence = numbers.Take(document.Series, document.IssuedOn);
        var block = blocks.TryGetValue(document.Series, out var begun) ? begun : new NumberBlock(document.Series, sequence, 0, default);
        blocks[document.Series] = block with { Count = block.Count + 1, LastIssuedOn = document.IssuedOn };
        return sequence;
    }
}
