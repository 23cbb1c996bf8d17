using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;

namespace IspBilling.Grains.Reviews;

/// <summary>
/// The cluster's reminders in the provider's own database. A silo reads its range of them again and again and keeps those whose next tick
/// lies within its loading window, so only those are read: of a million, a few ten thousand at a time.
/// </summary>
/// <remarks>
/// Reminders of accounts are written in batches and not through the silo that will tick: that silo finds them at its next refresh. A tick
/// that would have come before the refresh is missed, and found by date like any other.
/// </remarks>
internal sealed class ReminderTable(
    NpgsqlDataSource database,
    ReviewClock reviews,
    IOptions<ClusterOptions> cluster,
    IOptions<ReminderOptions> options,
    [FromKeyedServices(ReminderTimeProviderNames.Reminders)] TimeProvider clock) : IReminderTable, IReminderStore
{
    internal const string AccountReminder = "review";

    private const string Columns = "grain_id, name, start_at, period_ms, version";

    private static readonly GrainType AccountType = GrainType.Create(AccountGrain.StoredName);
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);
    private readonly string _service = cluster.Value.ServiceId;

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public async Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT {Columns} FROM cluster_reminders WHERE service_id = @service AND grain_id = @grain");
        Add(command, "grain", NpgsqlDbType.Text, grainId.ToString());
        return new ReminderTableData(await Read(command, cancellationToken));
    }

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    /// <summary>Of a range of the ring, the reminders that tick within the loading window. The range excludes its begin and includes its end.</summary>
    /// <remarks>Hashes are stored as signed numbers, which turns the ring by half: a range over the turn has its begin above its end.</remarks>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        var (first, last) = (unchecked((int)begin), unchecked((int)end));
        var range = first < last ? "grain_hash > @begin AND grain_hash <= @end" : "(grain_hash > @begin OR grain_hash <= @end)";
        // The last tick up to the window's end lies within the window.
        await using var command = Command(
            $"""
            SELECT {Columns} FROM cluster_reminders
            WHERE service_id = @service AND {range} AND start_at <= @until
                AND (start_at >= @now OR (date_part('epoch', @until - start_at) * 1000)::bigint % period_ms <= @window)
            """);
        var (now, window) = (clock.GetUtcNow(), options.Value.ReminderLoadingWindow);
        Add(command, "begin", NpgsqlDbType.Integer, first);
        Add(command, "end", NpgsqlDbType.Integer, last);
        Add(command, "now", NpgsqlDbType.TimestampTz, now.ToUniversalTime());
        Add(command, "until", NpgsqlDbType.TimestampTz, (now + window).ToUniversalTime());
        Add(command, "window", NpgsqlDbType.Bigint, (long)window.TotalMilliseconds);
        return new ReminderTableData(await Read(command, cancellationToken));
    }

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, CancellationToken.None);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT {Columns} FROM cluster_reminders WHERE service_id = @service AND grain_id = @grain AND name = @name");
        Add(command, "grain", NpgsqlDbType.Text, grainId.ToString());
        Add(command, "name", NpgsqlDbType.Text, reminderName);
        return (await Read(command, cancellationToken)).SingleOrDefault();
    }

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            INSERT INTO cluster_reminders (service_id, grain_id, name, grain_hash, start_at, period_ms) VALUES (@service, @grain, @name, @hash, @start, @period)
            ON CONFLICT (service_id, grain_id, name) DO UPDATE
            SET start_at = excluded.start_at, period_ms = excluded.period_ms, version = cluster_reminders.version + 1
            RETURNING version
            """);
        Add(command, "grain", NpgsqlDbType.Text, entry.GrainId.ToString());
        Add(command, "name", NpgsqlDbType.Text, entry.ReminderName);
        Add(command, "hash", NpgsqlDbType.Integer, HashOf(entry.GrainId));
        Add(command, "start", NpgsqlDbType.TimestampTz, DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc));
        Add(command, "period", NpgsqlDbType.Bigint, (long)entry.Period.TotalMilliseconds);
        return Tag((int)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "DELETE FROM cluster_reminders WHERE service_id = @service AND grain_id = @grain AND name = @name AND version = @version");
        Add(command, "grain", NpgsqlDbType.Text, grainId.ToString());
        Add(command, "name", NpgsqlDbType.Text, reminderName);
        Add(command, "version", NpgsqlDbType.Integer, int.Parse(eTag, CultureInfo.InvariantCulture));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public async Task TestOnlyClearTable(CancellationToken cancellationToken)
    {
        await using var command = Command("DELETE FROM cluster_reminders WHERE service_id = @service");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <remarks>One that ticks at the right time of day already is not written again.</remarks>
    public async Task Set(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            INSERT INTO cluster_reminders (service_id, grain_id, name, grain_hash, start_at, period_ms)
            SELECT @service, grain, @name, hash, start, @period FROM unnest(@grains, @hashes, @starts) AS r (grain, hash, start)
            ON CONFLICT (service_id, grain_id, name) DO UPDATE
            SET start_at = excluded.start_at, period_ms = excluded.period_ms, version = cluster_reminders.version + 1
            WHERE cluster_reminders.period_ms <> excluded.period_ms
                OR (date_part('epoch', excluded.start_at - cluster_reminders.start_at) * 1000)::bigint % excluded.period_ms <> 0
            """);
        GrainId[] ids = [.. accounts.Select(GrainOf)];
        var now = clock.GetUtcNow();
        Add(command, "name", NpgsqlDbType.Text, AccountReminder);
        Add(command, "period", NpgsqlDbType.Bigint, (long)Daily.TotalMilliseconds);
        Add(command, "grains", NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(ids, id => id.ToString()));
        Add(command, "hashes", NpgsqlDbType.Array | NpgsqlDbType.Integer, Array.ConvertAll(ids, HashOf));
        Add(command, "starts", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, accounts.Select(account => reviews.NextSlot(account, now).UtcDateTime).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task Remove(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        await using var command = Command("DELETE FROM cluster_reminders WHERE service_id = @service AND name = @name AND grain_id = ANY (@grains)");
        Add(command, "name", NpgsqlDbType.Text, AccountReminder);
        Add(command, "grains", NpgsqlDbType.Array | NpgsqlDbType.Text, accounts.Select(account => GrainOf(account).ToString()).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<ReminderEntry>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        var entries = new List<ReminderEntry>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            entries.Add(new ReminderEntry
            {
                GrainId = GrainId.Parse(row.GetString(0), CultureInfo.InvariantCulture),
                ReminderName = row.GetString(1),
                StartAt = row.GetDateTime(2),
                Period = TimeSpan.FromMilliseconds(row.GetInt64(3)),
                ETag = Tag(row.GetInt32(4)),
            });
        }

        return entries;
    }

    private static GrainId GrainOf(AccountId account) => GrainId.Create(AccountType, GrainIdKeyExtensions.CreateIntegerKey(account.Value));

    private static int HashOf(GrainId grain) => unchecked((int)grain.GetUniformHashCode());

    private static string Tag(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static void Add(NpgsqlCommand command, string name, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value });

    private NpgsqlCommand Command(string sql)
    {
        var command = database.CreateCommand(sql);
        Add(command, "service", NpgsqlDbType.Text, _service);
        return command;
    }
}
