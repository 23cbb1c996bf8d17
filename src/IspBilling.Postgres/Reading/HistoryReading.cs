using System.Globalization;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using IspBilling.Postgres.Notes;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>What an item of a history comes from, in the order in which items of one instant happened.</summary>
public enum HistorySource : short
{
    /// <summary>An event of the account.</summary>
    Journal = 1,

    /// <summary>A message was decided.</summary>
    Written = 2,

    /// <summary>A message was accepted by its target, refused, or given up.</summary>
    Ended = 3,

    /// <summary>A target told what became of it.</summary>
    Receipt = 4,

    /// <summary>A person wrote something down.</summary>
    Note = 5,
}

/// <summary>Where an item stands in a history: later items are greater. No two are equal.</summary>
/// <param name="Micros">Since 1970, as the database counts.</param>
/// <param name="Major">The account's version, or the note's number.</param>
/// <param name="Minor">The message's ordinal; of a receipt with its kind.</param>
public readonly record struct HistoryKey(long Micros, HistorySource Source, long Account, long Major, int Minor) : ISpanFormattable, ISpanParsable<HistoryKey>, IComparable<HistoryKey>
{
    /// <summary>After everything.</summary>
    public static HistoryKey End { get; } = new(253_370_764_800_000_000, HistorySource.Note, long.MaxValue, long.MaxValue, int.MaxValue);

    public DateTimeOffset At => DateTimeOffset.UnixEpoch.AddTicks(Micros * TimeSpan.TicksPerMicrosecond);

    public static HistoryKey Of(DateTime at, HistorySource source, long account, long major, int minor) =>
        new((at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, source, account, major, minor);

    public int CompareTo(HistoryKey other) => (Micros, Source, Account, Major, Minor).CompareTo((other.Micros, other.Source, other.Account, other.Major, other.Minor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Micros}-{(int)Source}-{Account}-{Major}-{Minor}");

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Micros}-{(int)Source}-{Account}-{Major}-{Minor}", out charsWritten);

    public static HistoryKey Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => TryParse(s, provider, out var key) ? key : throw new FormatException($"'{s}' is no place in a history");

    public static HistoryKey Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    public static bool TryParse(string? s, IFormatProvider? provider, out HistoryKey result) => TryParse(s.AsSpan(), provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out HistoryKey result)
    {
        result = default;
        Span<Range> parts = stackalloc Range[6];
        if (s.Split(parts, '-') != 5) return false;
        Span<long> numbers = stackalloc long[5];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(s[parts[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }

        if (numbers[0] > End.Micros || numbers[1] is < 1 or > 5 || numbers[4] > int.MaxValue) return false;
        result = new HistoryKey(numbers[0], (HistorySource)numbers[1], numbers[2], numbers[3], (int)numbers[4]);
        return true;
    }
}

/// <summary>One thing that happened; of its members those of its source are there.</summary>
/// <param name="Event">Of an event.</param>
/// <param name="Delivery">Of a message, and of what became of it.</param>
/// <param name="Receipt">Of a receipt.</param>
/// <param name="Note">Of what somebody wrote down.</param>
public sealed record HistoryItem(HistoryKey Key, JournalEntry? Event = null, Delivery? Delivery = null, DeliveryReceipt? Receipt = null, ClientNote? Note = null)
{
    public AccountId Account => new(Key.Account);
}

/// <summary>Which items of a history are looked for.</summary>
/// <param name="Accounts">20 at most.</param>
/// <param name="Events">Stored names of events.</param>
/// <param name="Before">The newest items before it.</param>
/// <param name="Since">None that is older.</param>
/// <param name="Until">None that is later.</param>
/// <param name="Ticket">Of notes, those of the ticket alone; null for all.</param>
public sealed record HistoryQuery(IReadOnlyCollection<AccountId> Accounts, IReadOnlyCollection<string> Events, HistoryKey Before, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? Ticket = null);

/// <summary>
/// What happened between a provider and a client, of all tables that know something of it, in one order. An account has hundreds of rows in each,
/// found by its id; a page sorts those and no others.
/// </summary>
public sealed class HistoryReading(NpgsqlDataSource database)
{
    private sealed record EventRow(long Account, long Version, DateTime At, string? Kind, string? Id, string By, string Name, byte[] Payload, byte[]? Personal);

    private sealed record MessageRow(
        long Account, long Version, short Ordinal, short Channel, string Payload, short Status, DateTime WrittenAt, short Attempts, string? Reason, string? Receipt, DateTime? EndedAt)
    {
        public Delivery ToDelivery() => new(
            new DeliveryId(new AccountId(Account), Version, Ordinal), (MessageChannel)Channel, JournalJson.ReadMessage(Payload), (DeliveryStatus)Status, Utc(WrittenAt), Attempts,
            Reason: Reason, Receipt: Receipt, EndedAt: EndedAt is { } ended ? Utc(ended) : null);
    }

    private sealed record ReceiptRow(long Account, long Version, short Ordinal, short Kind, string Target, string Status, string? Reason, DateTime At, short Channel, string Payload)
    {
        public DeliveryReceipt ToReceipt() => new(new DeliveryId(new AccountId(Account), Version, Ordinal), (ReceiptKind)Kind, Target, Status, Reason, Utc(At));
    }

    private const string MessageColumns =
        "account_id AS Account, version, ordinal, channel, payload, status, created_at AS WrittenAt, attempts, reason, receipt, ended_at AS EndedAt";

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<HistoryItem>> Of(HistoryQuery query, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var asked = new
        {
            accounts = query.Accounts.Select(account => account.Value).ToArray(), names = query.Events.ToArray(), max = PageSize.Reading(max),
            at = query.Before.At.UtcDateTime, source = (short)query.Before.Source, account = query.Before.Account, major = query.Before.Major, minor = query.Before.Minor,
            since = query.Since?.UtcDateTime, until = query.Until?.UtcDateTime, ticket = query.Ticket,
        };
        var items = new List<HistoryItem>();
        foreach (var row in await connection.QueryAsync<EventRow>(Asked(
            "SELECT account_id AS Account, version, at, actor_kind AS Kind, actor_id AS Id, \"by\", name, payload, personal FROM journal", "name = ANY (@names)", "at", HistorySource.Journal, "version", "0::int")))
        {
            var entry = new JournalEntry(row.Version, Utc(row.At), StoredActor.Of(row.Kind, row.Id, row.By), row.Name, JournalJson.ReadEvent(row.Name, row.Payload, row.Personal));
            items.Add(new HistoryItem(HistoryKey.Of(row.At, HistorySource.Journal, row.Account, row.Version, 0), Event: entry));
        }

        foreach (var row in await connection.QueryAsync<MessageRow>(Asked($"SELECT {MessageColumns} FROM outbox", "true", "created_at", HistorySource.Written, "version", "ordinal")))
            items.Add(new HistoryItem(HistoryKey.Of(row.WrittenAt, HistorySource.Written, row.Account, row.Version, row.Ordinal), Delivery: row.ToDelivery()));
        foreach (var row in await connection.QueryAsync<MessageRow>(Asked($"SELECT {MessageColumns} FROM outbox", "ended_at IS NOT NULL", "ended_at", HistorySource.Ended, "version", "ordinal")))
            items.Add(new HistoryItem(HistoryKey.Of(row.EndedAt!.Value, HistorySource.Ended, row.Account, row.Version, row.Ordinal), Delivery: row.ToDelivery()));
        foreach (var row in await connection.QueryAsync<ReceiptRow>(Asked(
            """
            SELECT account_id AS Account, version, ordinal, kind, target, status, reason, at, channel, payload
            FROM (SELECT r.*, o.channel, o.payload FROM delivery_receipts r JOIN outbox o USING (account_id, version, ordinal) WHERE account_id = ANY (@accounts)) told
            """,
            "true", "at", HistorySource.Receipt, "version", "ordinal * 8 + kind")))
        {
            var receipt = row.ToReceipt();
            var about = new Delivery(receipt.Delivery, (MessageChannel)row.Channel, JournalJson.ReadMessage(row.Payload), DeliveryStatus.Delivered, Utc(row.At));
            items.Add(new HistoryItem(HistoryKey.Of(row.At, HistorySource.Receipt, row.Account, row.Version, (row.Ordinal * 8) + row.Kind), Delivery: about, Receipt: receipt));
        }

        foreach (var row in await connection.QueryAsync<ClientNotes.Row>(Asked(
            $"SELECT {ClientNotes.Columns} FROM client_notes", "(@ticket::text IS NULL OR ticket = @ticket)", "at", HistorySource.Note, "entry", "0::int")))
            items.Add(new HistoryItem(HistoryKey.Of(row.At, HistorySource.Note, row.Account, row.Entry, 0), Note: row.ToNote()));
        return [.. items.OrderByDescending(item => item.Key).Take(max)];

        CommandDefinition Asked(string select, string where, string time, HistorySource source, string major, string minor) => new(
            $"""
            {select}
            WHERE account_id = ANY (@accounts) AND {where}
              AND ({time}, {(short)source}, account_id, {major}, {minor}) < (@at, @source, @account, @major, @minor)
              AND (@since::timestamptz IS NULL OR {time} >= @since) AND (@until::timestamptz IS NULL OR {time} <= @until)
            ORDER BY {time} DESC, account_id DESC, {major} DESC, {minor} DESC LIMIT @max
            """,
            asked, cancellationToken: cancellation);
    }

    private static DateTimeOffset Utc(DateTime at) => new(at, TimeSpan.Zero);
}
