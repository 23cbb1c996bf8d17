using System.Diagnostics;
using System.Threading.Channels;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using Npgsql;

namespace IspBilling.Postgres.Journal;

public sealed record PostgresJournalOptions
{
    /// <summary>Commits that share a transaction at most. Half of it costs PostgreSQL a tenth more per commit, twice of it is no cheaper and makes the first one wait.</summary>
    public int FlightSizeMax { get; init; } = 2_048;

    /// <summary>
    /// Fewer commits wait while another flight is in the air: a flight costs what a hundred of its passengers do, however few it carries,
    /// and what lands together comes back together.
    /// </summary>
    public int FlightSizeMin { get; init; } = 400;

    /// <summary>Flights under way at once: while one commits, the next is encoded and sent.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Commits that may wait for a flight; callers wait beyond that.</summary>
    public int QueueMax { get; init; } = 16_384;

    /// <summary>Accounts that share a load query at most.</summary>
    public int LoadSizeMax { get; init; } = 1_024;

    /// <summary>How long a flight waits for its turn when other processes number the same series: longer than a turn takes.</summary>
    public TimeSpan LongestTurn { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a flight is tried again while the database is away, before its callers are told.</summary>
    public TimeSpan Patience { get; init; } = Postgres.Patience.Usual;
}

/// <summary>
/// The journal on PostgreSQL. Commits queue and share transactions ("flights"); a flight takes whatever waits, so that an idle
/// system answers at once and a busy one spreads the cost of a commit over a thousand accounts.
/// </summary>
public sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    private readonly Channel<Passenger> _queue;
    private readonly AccountLoader _loader;
    private readonly AccountLoader _bulkLoader;
    private readonly UrgentFlights _urgent;
    private readonly FlightDeck _deck;
    private readonly SeriesTurn _turn;
    private readonly NpgsqlDataSource _database;
    private readonly PostgresJournalOptions _options;
    private readonly SemaphoreSlim _lanes;
    private readonly Task _dispatching;
    private readonly List<Passenger> _heldBack = [];
    private Task _numbersTakenBefore = Task.CompletedTask;

    /// <summary>What the dispatcher waits for with a lane in hand: enough passengers, or a landing. Null while it does not.</summary>
    private TaskCompletionSource? _worthwhile;

    public PostgresJournal(NpgsqlDataSource database, PostgresJournalOptions options)
    {
        _database = database;
        _options = options;
        _queue = Channel.CreateBounded<Passenger>(new BoundedChannelOptions(options.QueueMax) { SingleReader = true });
        _loader = new AccountLoader(database, options);
        _bulkLoader = new AccountLoader(database, options);
        _deck = new FlightDeck(database, options);
        _turn = new SeriesTurn(database, options.LongestTurn);
        _urgent = new UrgentFlights(_deck, options.QueueMax);
        _lanes = new SemaphoreSlim(options.Lanes, options.Lanes);
        _dispatching = Task.Run(Dispatch);
    }

    public ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation) =>
        (bulk ? _bulkLoader : _loader).Load(account, asking, cancellation);

    public async ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation) =>
        await Patience.With(_options.Patience, () => _loader.FindReply(account, command, cancellation));

    /// <remarks>Once queued, a commit is not cancelled: half of its flight's work would be thrown away, and its outcome is wanted.</remarks>
    public ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation)
    {
        var passenger = new Passenger(commit);
        var isUrgent = UrgentFlights.Takes(passenger);
        // Nearly always there is room, and then nothing but the passenger waits.
        if (isUrgent || cancellation.IsCancellationRequested || !_queue.Writer.TryWrite(passenger))
            return AppendWhenThereIsRoom(passenger, isUrgent, cancellation);
        if (Volatile.Read(ref _worthwhile) is { } waited && HasEnough) waited.TrySetResult();
        return new ValueTask<AppendResult>(passenger.Task);
    }

    public async ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation) =>
        await Patience.With(_options.Patience, () => ParkedAccounts.Park(_database, account, command, reason, at, cancellation));

    public async ValueTask Unpark(AccountId account, CancellationToken cancellation) =>
        await Patience.With(_options.Patience, () => ParkedAccounts.Unpark(_database, account, cancellation));

    /// <summary>Takes no more commits, lands those that wait, and returns when all have landed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await _dispatching;
        for (var lane = 0; lane < _options.Lanes; lane++) await _lanes.WaitAsync();
        await _turn.DisposeAsync();
        await _urgent.DisposeAsync();
        await _loader.DisposeAsync();
        await _bulkLoader.DisposeAsync();
        _deck.Dispose();
        _lanes.Dispose();
    }

    private async ValueTask<AppendResult> AppendWhenThereIsRoom(Passenger passenger, bool isUrgent, CancellationToken cancellation)
    {
        if (isUrgent) await _urgent.Board(passenger, cancellation);
        else await _queue.Writer.WriteAsync(passenger, cancellation);
        return await passenger.Task;
    }

    private async Task Dispatch()
    {
        while (_heldBack.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            // While all lanes are busy the queue grows, and so does the next flight.
            await _lanes.WaitAsync();
            await UntilWorthwhile();
            if (_heldBack.Count > 0 || _deck.MustStartOver) await WaitUntilNothingFlies();
            await TakeOff(Boarding.Take(_queue.Reader, _heldBack, _options.FlightSizeMax));
            if (_turn.IsHeld && _heldBack.Count == 0 && !_queue.Reader.TryPeek(out _)) await EndTurnWhenLanded();
        }
    }

    /// <summary>With no lane in hand: nobody waits for a flight, so whoever shares the numbers need not wait either.</summary>
    private async Task EndTurnWhenLanded()
    {
        await _lanes.WaitAsync();
        await WaitUntilNothingFlies();
        if (!_queue.Reader.TryPeek(out _)) await _turn.End();
        _lanes.Release();
    }

    private bool HasEnough => _queue.Reader.Count >= _options.FlightSizeMin;

    /// <summary>With one lane in hand: until enough wait, or nothing is in the air.</summary>
    private async Task UntilWorthwhile()
    {
        while (true)
        {
            var worthwhile = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // Said before it is looked: who lands after the look sees that somebody waits. An append may miss it; the landing makes up for that.
            Interlocked.Exchange(ref _worthwhile, worthwhile);
            if (HasEnough || _lanes.CurrentCount == _options.Lanes - 1) break;
            await worthwhile.Task;
        }

        Volatile.Write(ref _worthwhile, null);
    }

    /// <summary>With one lane in hand.</summary>
    private async Task WaitUntilNothingFlies()
    {
        for (var lane = 1; lane < _options.Lanes; lane++) await _lanes.WaitAsync();
        if (_deck.MustStartOver) _deck.StartOver();
        if (_options.Lanes > 1) _lanes.Release(_options.Lanes - 1);
    }

    /// <summary>Boards on this one task, so that numbers are forecast in the order of the flights, then flies on a lane of its own.</summary>
    private async Task TakeOff(List<Passenger> passengers)
    {
        var sharesNumbers = _deck.SharesNumbers(passengers);
        if (_turn.IsHeld && !sharesNumbers)
        {
            await WaitUntilNothingFlies();
            await _turn.End();
        }

        if (sharesNumbers && !await HasTurn())
        {
            _ = Task.Run(() => OnLane(passengers, _deck.FlyWithNumbersFirst));
            return;
        }

        Flight? flight = null;
        try
        {
            flight = await _deck.Board(passengers, _numbersTakenBefore);
            if (flight.Blocks.Count > 0) _numbersTakenBefore = flight.NumbersTaken.Task;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The series could not be read, or a commit is at fault: the flight goes the way of any other that failed.
            Activity.Current?.AddException(failure);
        }

        _ = Task.Run(() => OnLane(passengers, flight is null ? _deck.FlyPatiently : _ => FlyForecast(flight)));
    }

    /// <summary>With one lane in hand: goes on with the turn, or waits for the next one when it is over.</summary>
    private async Task<bool> HasTurn()
    {
        if (!_turn.IsHeld || _turn.IsOver)
        {
            await WaitUntilNothingFlies();
            await _turn.End();
            if (!await _turn.TryBegin()) return false;
            _deck.BeginTurn(_turn.WasTaken);
        }

        _turn.Count();
        return true;
    }

    private async Task FlyForecast(Flight flight)
    {
        try
        {
            if (flight.Passengers.Count > 0) await _deck.Fly(flight);
        }
        finally
        {
            flight.NumbersTaken.TrySetResult();
        }
    }

    private async Task OnLane(List<Passenger> passengers, Func<List<Passenger>, Task> fly)
    {
        try
        {
            await fly(passengers);
        }
        catch (Exception failure)
        {
            foreach (var passenger in passengers) passenger.Crash(failure);
        }
        finally
        {
            _lanes.Release();
            Interlocked.CompareExchange(ref _worthwhile, null, null)?.TrySetResult();
        }
    }
}
