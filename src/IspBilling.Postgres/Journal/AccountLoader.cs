using System.Threading.Channels;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Journal;

/// <summary>Loads accounts; callers within a moment share one query.</summary>
internal sealed class AccountLoader : IAsyncDisposable
{
    private const int QueueMax = 16_384;

    private sealed record Request(AccountId Account, CommandId Asking, TaskCompletionSource<LoadedAccount> Answer);

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

    public async ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, CancellationToken cancellation)
    {
        var request = new Request(account, asking, new TaskCompletionSource<LoadedAccount>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(request, cancellation);
        return await request.Answer.Task.WaitAsync(cancellation);
    }

    public async Task<AccountReply?> FindReply(AccountId account, CommandId command, CancellationToken cancellation)
    {
        // The reply stands with the last event of the commit that the command's first event began.
        await using var find = _database.CreateCommand(
            """
            SELECT last.reply FROM journal first
            JOIN LATERAL (SELECT reply FROM journal WHERE account_id = first.account_id AND version >= first.version AND reply IS NOT NULL
                          ORDER BY version LIMIT 1) last ON true
            WHERE first.account_id = $1 AND first.command = $2
            """);
        find.Parameters.Add(new() { Value = account.Value });
        find.Parameters.Add(new() { Value = command.Value });
        return await find.ExecuteScalarAsync(cancellation) is byte[] reply ? JournalJson.ReadReply(reply) : null;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loading;
    }

    private async Task LoadWaiting()
    {
        var batch = new List<Request>(_options.LoadSizeMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _options.LoadSizeMax && _queue.Reader.TryRead(out var request)) batch.Add(request);
            try
            {
                await Patience.With(_options.Patience, () => LoadBatch(batch));
                EngineTelemetry.Loaded(batch.Count);
            }
            catch (Exception failure)
            {
                // Each caller decides whether to ask again; the loader itself goes on.
                foreach (var request in batch) request.Answer.TrySetException(failure);
            }

            batch.Clear();
        }
    }

    /// <summary>May be asked again: an answer given stays.</summary>
    private async Task<int> LoadBatch(List<Request> batch)
    {
        await using var load = _database.CreateCommand(
            """
            SELECT asked.n, a.version, a.head, a.state, p.command, replied.reply
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
        while (await rows.ReadAsync()) await Answer(batch[(int)rows.GetInt64(0) - 1], rows);
        return batch.Count;
    }

    private async ValueTask Answer(Request request, NpgsqlDataReader row)
    {
        try
        {
            request.Answer.TrySetResult(await Read(request.Account, row));
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or KeyNotFoundException or InvariantBrokenException or FormatException)
        {
            // One account that cannot be read is its own caller's trouble, not that of everyone who loads at the moment.
            request.Answer.TrySetException(unreadable);
        }
    }

    private async ValueTask<LoadedAccount> Read(AccountId account, NpgsqlDataReader row)
    {
        var reply = row.IsDBNull(5) ? null : JournalJson.ReadReply(row.GetFieldValue<byte[]>(5));
        var parked = row.IsDBNull(4) ? null : row.GetString(4);
        if (row.IsDBNull(1)) return new LoadedAccount(AccountState.New(account), JournalHead.Start, reply, parked);
        var head = new JournalHead(row.GetInt64(1), [.. row.GetFieldValue<byte[]>(2)]);
        var state = await StoredState.Of(_database, account, head.Version, row.GetFieldValue<byte[]>(3), CancellationToken.None);
        return new LoadedAccount(state, head, reply, parked);
    }
}
