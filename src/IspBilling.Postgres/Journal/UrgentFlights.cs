using System.Threading.Channels;

namespace IspBilling.Postgres.Journal;

/// <summary>
/// The lane of commits that somebody waits for and that take no numbers: a connection of their own, so that a clerk's click does
/// not wait behind ten thousand invoices. They meet bulk flights only at the disk.
/// </summary>
internal sealed class UrgentFlights : IAsyncDisposable
{
    /// <summary>Few, so that the last to board does not wait long either.</summary>
    private const int FlightSizeMax = 128;

    private readonly Channel<Passenger> _queue;
    private readonly FlightDeck _deck;
    private readonly Task _flying;
    private readonly List<Passenger> _heldBack = [];

    public UrgentFlights(FlightDeck deck, int queueMax)
    {
        _deck = deck;
        _queue = Channel.CreateBounded<Passenger>(new BoundedChannelOptions(queueMax) { SingleReader = true });
        _flying = Task.Run(Fly);
    }

    public static bool Takes(Passenger passenger) => !passenger.Commit.Bulk && !passenger.Commit.Unnumbered().Any();

    public ValueTask Board(Passenger passenger, CancellationToken cancellation) => _queue.Writer.WriteAsync(passenger, cancellation);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _flying;
    }

    private async Task Fly()
    {
        while (_heldBack.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            var passengers = Boarding.Take(_queue.Reader, _heldBack, FlightSizeMax);
            try
            {
                await _deck.Fly(new Flight(passengers, [], Task.CompletedTask, new TaskCompletionSource()));
            }
            catch (Exception failure)
            {
                foreach (var passenger in passengers) passenger.Crash(failure);
            }
        }
    }
}

/// <summary>Who of those that wait goes with the next flight.</summary>
internal static class Boarding
{
    /// <param name="heldBack">Who stayed behind the flight before, and goes now; afterwards, who stays behind this one.</param>
    /// <returns>In the order in which rows are written: by account, one commit each.</returns>
    public static List<Passenger> Take(ChannelReader<Passenger> queue, List<Passenger> heldBack, int max)
    {
        var passengers = new List<Passenger>(heldBack);
        heldBack.Clear();
        while (passengers.Count < max && queue.TryRead(out var passenger)) passengers.Add(passenger);

        // Two commits of one account in a flight can only come from two activations of it.
        passengers.Sort(static (a, b) => a.Account.CompareTo(b.Account));
        for (var i = passengers.Count - 1; i > 0; i--)
        {
            if (passengers[i].Account != passengers[i - 1].Account) continue;
            heldBack.Add(passengers[i]);
            passengers.RemoveAt(i);
        }

        return passengers;
    }
}
