using System.Collections.Concurrent;
using System.Diagnostics;
using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Telemetry;
using IspBilling.Postgres.Outgoing;
using Npgsql;

namespace IspBilling.Postgres.Journal;

/// <summary>
/// Flies flights until every passenger has landed: with the forecast numbers first; after a wrong forecast, a conflict or a lost
/// connection again, with the numbers read under the series' lock; a flight that cannot land whole is halved until the one
/// commit at fault stands alone, unless the one that has no written form is known.
/// </summary>
/// <remarks>
/// A forecast is wrong when another process takes numbers of the same series, as the silos of a cluster do in a billing run. It would be
/// wrong again, and a flight that is rolled back costs as much as one that lands: for a while flights then wait for their turn
/// (<see cref="SeriesTurn"/>), and read the numbers under lock before they encode anything if it does not come.
/// </remarks>
internal sealed class FlightDeck(NpgsqlDataSource database, PostgresJournalOptions options) : IDisposable
{
    /// <summary>
    /// A flight waits for the numbers of the one before with rows locked. Should that one wait for these rows (an account active
    /// twice), nobody but this limit could tell: the database sees only half of the circle.
    /// </summary>
    private static readonly TimeSpan LongestWaitForNumbers = TimeSpan.FromSeconds(5);

    /// <summary>A commit that conflicts again, though it was at the right version each time it was looked at, is at fault itself.</summary>
    private const int MaxConflicts = 3;

    /// <summary>Flights with numbers after a wrong forecast, before one is dared out of turn.</summary>
    private const int SharedFlights = 64;

    private readonly NumberForecast _forecast = new();
    private readonly ConcurrentBag<FlightRows> _idleRows = [];

    /// <summary>Flights after a failure go one at a time, so that they do not wait for each other's numbers.</summary>
    private readonly SemaphoreSlim _again = new(1, 1);

    /// <summary>The channels that delivered when it was last looked, as bits. Switched once in years: whoever encodes with old ones flies again.</summary>
    private volatile int _channelsOn;

    private volatile bool _wasWrong;
    private int _sharedLeft;

    /// <summary>A flight failed after it had taken numbers: none may board until all have landed and <see cref="StartOver"/> was called.</summary>
    public bool MustStartOver => _forecast.IsDoubtful;

    /// <summary>Numbers are learned from the database again. Only while no flight is in the air.</summary>
    public void StartOver()
    {
        _forecast.Forget();
        if (!_wasWrong) return;
        _wasWrong = false;
        _sharedLeft = SharedFlights;
    }

    /// <summary>Whether other processes take the same numbers, so that a flight is to wait for its turn. Asked once for each flight, in the order they take off.</summary>
    public bool SharesNumbers(List<Passenger> passengers)
    {
        if (_sharedLeft == 0 || !HaveUnnumbered(passengers)) return false;
        // The next one may be forecast out of turn again, once these have landed.
        if (--_sharedLeft == 0) _forecast.Doubt();
        return true;
    }

    /// <summary>A turn begins: others may have taken numbers since the last one. Only while no flight is in the air.</summary>
    /// <param name="wasTaken">Others do take them now.</param>
    public void BeginTurn(bool wasTaken)
    {
        _forecast.Forget();
        if (wasTaken) _sharedLeft = SharedFlights;
    }

    /// <summary>Gives each document the number it is expected to get. One call at a time, in the order the flights take off.</summary>
    public async Task<Flight> Board(List<Passenger> passengers, Task before)
    {
        var unknown = new HashSet<SeriesKey>();
        foreach (var passenger in passengers)
        {
            foreach (var document in passenger.Commit.Unnumbered())
            {
                if (!_forecast.Knows(document.Series)) unknown.Add(document.Series);
            }
        }

        if (unknown.Count > 0)
        {
            await using var connection = await database.OpenConnectionAsync();
            foreach (var (series, next, last) in await SeriesTable.Read(connection, [.. unknown], forUpdate: false)) _forecast.Learn(series, next, last);
        }

        return NumberAssignment.Assign(passengers, _forecast, before);
    }

    public async Task Fly(Flight flight)
    {
        if (await TryFly(flight)) return;
        flight.NumbersTaken.TrySetResult();
        await FlyPatiently(flight.Passengers);
    }

    /// <summary>Without a forecast, and without an idea that anything could be wrong.</summary>
    public async Task FlyWithNumbersFirst(List<Passenger> passengers)
    {
        try
        {
            await FlyLocked(passengers);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Activity.Current?.AddException(failure);
            await FlyPatiently(passengers);
        }
    }

    /// <summary>Without a forecast: numbers are read under lock, and the database may be away for a while.</summary>
    public async Task FlyPatiently(List<Passenger> passengers)
    {
        EngineTelemetry.FlightRetried();
        if (HaveUnnumbered(passengers)) _forecast.Doubt();
        await _again.WaitAsync();
        try
        {
            await FlyAgain(passengers);
        }
        finally
        {
            _again.Release();
        }
    }

    public void Dispose() => _again.Dispose();

    private static bool HaveUnnumbered(List<Passenger> passengers) => passengers.Exists(passenger => passenger.Commit.Unnumbered().Any());

    /// <summary>False when the flight has to be flown again; why does not matter here, the next attempt finds out what is true.</summary>
    private async Task<bool> TryFly(Flight flight)
    {
        using var log = new FlightLog(flight.Passengers.Count);
        var rows = RentRows();
        try
        {
            Encode(rows, flight.Passengers);
            await using var connection = await database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await FlightTables.Write(connection, rows);
            if (flight.Blocks.Count > 0) await flight.Before.WaitAsync(LongestWaitForNumbers);
            if (!await SeriesTable.Take(connection, flight.Blocks))
            {
                _wasWrong = true;
                return false;
            }

            flight.NumbersTaken.TrySetResult();
            await transaction.CommitAsync();
            foreach (var passenger in flight.Passengers) passenger.Land();
            log.Landed();
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Also what one commit alone may be to blame for: flown again, it will stand alone.
            log.Failed(failure);
            return false;
        }
        finally
        {
            Return(rows);
        }
    }

    private async Task FlyAgain(List<Passenger> passengers)
    {
        var patience = new Patience(options.Patience);
        for (var conflicts = 0; ;)
        {
            try
            {
                var remaining = await Fates.LandTheDecided(database, passengers);
                if (remaining.Count > 0) await FlyLocked(remaining);
                return;
            }
            catch (Exception failure) when (IsConflict(failure) && ++conflicts < MaxConflicts)
            {
                // Somebody else was faster; who that concerns is found out before the next attempt.
            }
            catch (Exception failure) when (Outage.Is(failure))
            {
                if (!patience.Allows(failure))
                {
                    foreach (var passenger in passengers) passenger.Crash(failure);
                    return;
                }

                await patience.Pause();
            }
            catch (UnwritableCommitException unwritable)
            {
                var atFault = passengers.Find(passenger => passenger.Account == unwritable.Account)!;
                atFault.Land(new AppendResult.Unwritable(unwritable.InnerException!));
                passengers = passengers.FindAll(passenger => passenger != atFault);
                if (passengers.Count == 0) return;
            }
            catch (Exception poison)
            {
                if (passengers.Count == 1)
                {
                    // Said by the database about the values of this commit alone, so it is rolled back for certain.
                    if (poison is PostgresException { SqlState: ['2', '2' or '3', ..] } && !IsConflict(poison)) passengers[0].Land(new AppendResult.Unwritable(poison));
                    else passengers[0].Crash(poison);
                    return;
                }

                var half = passengers.Count / 2;
                await FlyAgain(passengers[..half]);
                await FlyAgain(passengers[half..]);
                return;
            }
        }
    }

    /// <summary>The account exists already, has moved on, or knows the command; or a channel was switched.</summary>
    private static bool IsConflict(Exception failure) => failure is ConflictException or ChannelSwitchedException
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "accounts" or "journal" };

    /// <summary>Numbers come from the locked series, so nothing can be wrong with them; other flights wait that long.</summary>
    private async Task FlyLocked(List<Passenger> passengers)
    {
        using var log = new FlightLog(passengers.Count);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var series = passengers.SelectMany(passenger => passenger.Commit.Unnumbered()).Select(document => document.Series).ToHashSet();
        var locked = new NumberForecast();
        foreach (var (key, next, last) in await SeriesTable.Read(connection, [.. series], forUpdate: true)) locked.Learn(key, next, last);
        _channelsOn = (await ChannelTable.Read(connection)).Bits;
        var flight = NumberAssignment.Assign(passengers, locked, Task.CompletedTask);
        if (flight.Passengers.Count == 0) return;

        var rows = RentRows();
        try
        {
            Encode(rows, flight.Passengers);
            await FlightTables.Write(connection, rows);
            if (!await SeriesTable.Take(connection, flight.Blocks)) throw new InvariantBrokenException("a locked number series moved");
            await transaction.CommitAsync();
            foreach (var passenger in flight.Passengers) passenger.Land();
            log.Landed();
        }
        finally
        {
            Return(rows);
        }
    }

    private FlightRows RentRows() => _idleRows.TryTake(out var idle) ? idle : new FlightRows();

    private void Return(FlightRows rows)
    {
        rows.Clear();
        _idleRows.Add(rows);
    }

    private void Encode(FlightRows rows, List<Passenger> passengers)
    {
        rows.ChannelsOn = new ChannelSet(_channelsOn);
        foreach (var passenger in passengers)
        {
            try
            {
                var commit = passenger.Commit;
                var finished = commit.Finish(passenger.Sequences);
                rows.Add(commit, finished);
                passenger.Encoded(finished, rows.LastHash);
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                throw new UnwritableCommitException(passenger.Account, cause);
            }
        }
    }
}

/// <summary>An account is no longer at the version that was decided on; the transaction is rolled back.</summary>
internal sealed class ConflictException(string message) : Exception(message);
