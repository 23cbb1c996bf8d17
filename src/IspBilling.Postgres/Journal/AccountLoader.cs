using System.Runtime.InteropServices;
using System.Threading.Channels;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;
using IspBilling.Engine.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Journal;

/// <summary>Loads accounts; callers within a moment share one query.</summary>
internal sealed class AccountLoader : IAsyncDisposable
{
    private const int QueueMax = 16_384;

    /// <remarks>Whoever waits is an account, which decides right there: see <see cref="Passenger"/>.</remarks>
    private sealed class Request(AccountId account, CommandId asking) : TaskCompletionSource<LoadedAccount>
    {
        public AccountId Account { get; } = account;

        public CommandId Asking { get; } = asking;
    }

    /// <param name="Version">0 when nothing has happened yet; then there is no head and no snapshot.</param>
    private readonly record struct Found(Request Request, long Version, byte[] Head, byte[] Snapshot, string? Parked, byte[]? Reply);

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly NpgsqlDataSource _database;
    private readonly PostgresJournalOptions _options;
    private readonly Task _loading;

    public AccountLoader(NpgsqlDataSource database, PostgresJournalOptions options)
    {
        _database = database;
        _options = options;
        _loading = Task.Run(LoadWaiting);
    }

    public ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, CancellationToken cancellation)
    {
        var request = new Request(account, asking);
        // Nearly always there is room, and then nothing but the request waits.
        return !cancellation.IsCancellationRequested && _queue.Writer.TryWrite(request)
            ? new ValueTask<LoadedAccount>(request.Task.WaitAsync(cancellation))
            : LoadWhenThereIsRoom(request, cancellation);
    }

    public async Task<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation)
    {
        // The reply stands with the last event of the commit that the command's first event began.
        await using var find = _database.CreateCommand(
            """
            SELECT last.reply, (SELECT version FROM accounts WHERE id = $1) FROM (SELECT) AS asked
            LEFT JOIN journal first ON first.account_id = $1 AND first.command = $2
            LEFT JOIN LATERAL (SELECT reply FROM journal WHERE account_id = first.account_id AND version >= first.version AND reply IS NOT NULL
                               ORDER BY version LIMIT 1) last ON true
            """);
        find.Parameters.Add(new() { Value = account.Value });
        find.Parameters.Add(new() { Value = command.Value });
        await using var row = await find.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.IsDBNull(0) ? null : JournalJson.ReadReply(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? 0 : row.GetInt64(1));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loading;
    }

    private async ValueTask<LoadedAccount> LoadWhenThereIsRoom(Request request, CancellationToken cancellation)
    {
        await _queue.Writer.WriteAsync(request, cancellation);
        return await request.Task.WaitAsync(cancellation);
    }

    /// <summary>While the accounts of one batch decide, one after another on one thread, the next batch is read.</summary>
    private async Task LoadWaiting()
    {
        var answering = Task.CompletedTask;
        var batch = new List<Request>(_options.LoadSizeMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _options.LoadSizeMax && _queue.Reader.TryRead(out var request)) batch.Add(request);
            try
            {
                var found = await Patience.With(_options.Patience, () => Find(batch));
                EngineTelemetry.Loaded(batch.Count);
                await answering;
                answering = Task.Run(() => Answer(found));
            }
            catch (Exception failure)
            {
                // Each caller decides whether to ask again; the loader itself goes on.
                foreach (var request in batch) request.TrySetException(failure);
            }

            batch.Clear();
        }

        await answering;
    }

    private async Task<List<Found>> Find(List<Request> batch)
    {
        await using var load = _database.CreateCommand(
            """
            SELECT asked.n, coalesce(a.version, 0), coalesce(a.head, ''), coalesce(a.state, ''), p.command, replied.reply
            FROM unnest($1::bigint[], $2::uuid[]) WITH ORDINALITY AS asked (id, command, n)
            LEFT JOIN accounts a ON a.id = asked.id
            LEFT JOIN parked_accounts p ON p.account_id = asked.id
            LEFT JOIN journal first ON first.account_id = asked.id AND first.command = asked.command
            LEFT JOIN LATERAL (SELECT reply FROM journal WHERE account_id = first.account_id AND version >= first.version AND reply IS NOT NULL
                               ORDER BY version LIMIT 1) replied ON true
            """);
        load.Parameters.Add(new() { Value = batch.ConvertAll(request => request.Account.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        load.Parameters.Add(new() { Value = batch.ConvertAll(request => request.Asking.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var rows = await load.ExecuteReaderAsync();
        var found = new List<Found>(batch.Count);
        while (await rows.ReadAsync())
        {
            found.Add(new Found(
                batch[(int)rows.GetInt64(0) - 1], rows.GetInt64(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3),
                rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetFieldValue<byte[]>(5)));
        }

        return found;
    }

    private async Task Answer(List<Found> batch)
    {
        foreach (var found in batch)
        {
            try
            {
                found.Request.TrySetResult(await Read(found));
            }
            catch (Exception unreadable)
            {
                // One account that cannot be read is its own caller's trouble, not that of everyone who loads at the moment.
                found.Request.TrySetException(unreadable);
            }
        }
    }

    private async ValueTask<LoadedAccount> Read(Found found)
    {
        var account = found.Request.Account;
        var reply = found.Reply is null ? null : JournalJson.ReadReply(found.Reply);
        if (found.Version == 0) return new LoadedAccount(AccountState.New(account), JournalHead.Start, reply, found.Parked);
        var state = await StoredState.Of(_database, account, found.Version, found.Snapshot, CancellationToken.None);
        return new LoadedAccount(state, new JournalHead(found.Version, ImmutableCollectionsMarshal.AsImmutableArray(found.Head)), reply, found.Parked)
        {
            Snapshot = StateSnapshot.IsReadable(found.Snapshot) && StateSnapshot.IsWhole(found.Snapshot, state) ? found.Snapshot : default(ReadOnlyMemory<byte>),
        };
    }
}
