using System.Globalization;
using Npgsql;

namespace IspBilling.Postgres.Journal;

/// <summary>
/// Processes that number documents of one series at the same time fly in turn, some flights each: whoever has the turn knows where the series
/// stands, so that its flights are encoded before they lock anything and follow each other closely.
/// </summary>
/// <remarks>
/// A courtesy, nothing that numbers rest on: each flight still checks the series' row. The turn is an advisory lock of an open transaction, so
/// it passes on when its holder dies, and no session keeps it.
/// </remarks>
internal sealed class SeriesTurn(NpgsqlDataSource database, TimeSpan longestWait) : IAsyncDisposable
{
    /// <summary>A turn ends earlier when nobody waits for a flight.</summary>
    private const int FlightsMax = 8;

    /// <summary>Somebody who hangs with the turn is waited for once, and then not for so many flights.</summary>
    private const int FlightsWithout = 64;

    /// <summary>Advisory locks are a database's own, and nothing else here takes one of this key.</summary>
    private const string Key = "hashtextextended('ispbilling number series', 0)";

    private NpgsqlConnection? _turn;
    private int _flightsLeft;
    private int _flightsWithout;

    public bool IsHeld => _turn is not null;

    /// <summary>The turn is to be passed on before the next flight.</summary>
    public bool IsOver => _flightsLeft == 0;

    /// <summary>One flight more.</summary>
    public void Count() => _flightsLeft--;

    /// <summary>Whether another process had the turn when this one was last asked for.</summary>
    public bool WasTaken { get; private set; }

    /// <summary>Waits for the turn; false when it does not come, and numbers are to be read under their lock.</summary>
    public async Task<bool> TryBegin()
    {
        if (_flightsWithout > 0)
        {
            _flightsWithout--;
            return false;
        }

        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync();
            await Execute(connection, "BEGIN");
            WasTaken = !await IsFree(connection);
            if (WasTaken) await Wait(connection);
            (_turn, _flightsLeft) = (connection, FlightsMax);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Too late, or the database is away: what that means for the flight, the flight finds out.
            if (connection is not null) await connection.DisposeAsync();
            _flightsWithout = FlightsWithout;
            return false;
        }
    }

    /// <summary>Passes the turn on. Only when every flight of it has landed.</summary>
    public async Task End()
    {
        if (_turn is not { } turn) return;
        _turn = null;
        try
        {
            await Execute(turn, "ROLLBACK");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The session is gone, and the turn with it.
        }
        finally
        {
            await turn.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await End();

    /// <summary>Takes it, if it is.</summary>
    private static async Task<bool> IsFree(NpgsqlConnection connection)
    {
        await using var take = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({Key})", connection);
        return (bool)(await take.ExecuteScalarAsync())!;
    }

    private async Task Wait(NpgsqlConnection connection)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {longestWait.TotalMilliseconds:0}");
        await Execute(connection, limit);
        await Execute(connection, $"SELECT pg_advisory_xact_lock({Key})");
    }

    private static async Task Execute(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
