using System.Collections.Immutable;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using Npgsql;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Batches of letters in the database.</summary>
public sealed class PostgresPrintBatches(NpgsqlDataSource database) : IPrintBatches
{
    private sealed record BatchRow(
        Guid Id, short Status, DateTime MadeAt, string ByKind, string ById, string ByName, int Max, bool Duplex, DateTime? ClosedAt, DateTime? CarriedAt, int Letters, int Sheets)
    {
        public PrintBatch ToBatch() => new(
            Id, (PrintBatchStatus)Status, Utc(MadeAt), StoredActor.Of(ByKind, ById, ByName), Max, Duplex, Letters, Sheets, ClosedAt is { } closed ? Utc(closed) : null, CarriedAt is not null);
    }

    private sealed record LetterRow(
        int Position, long Account, long Version, short Ordinal, short Attempt, int Document, string Number, string Client, string Name, string Street, string City, string Postcode, string Country,
        int Pages, int Sheets)
    {
        public Letter ToLetter() => new(
            Position, new DeliveryId(new AccountId(Account), Version, Ordinal), Attempt, Document, Number, Client, Name, new PostalAddress(Street, City, Postcode, Country), Pages, Sheets);
    }

    private sealed record HeldRow(long Account, long Version, short Ordinal, string Payload, short Status, DateTime WrittenAt, short Attempts, string Owner);

    private const string Batches =
        """
        SELECT id, status, made_at AS MadeAt, by_kind AS ByKind, by_id AS ById, by_name AS ByName, max, duplex, closed_at AS ClosedAt, carried_at AS CarriedAt,
               (SELECT count(*)::int FROM print_batch_items WHERE batch_id = id) AS Letters,
               (SELECT coalesce(sum(sheets), 0)::int FROM print_batch_items WHERE batch_id = id) AS Sheets
        FROM print_batches
        """;

    /// <summary>Spelled as in the index <c>outbox_due</c>.</summary>
    private const string HeldBy = "channel = 3 AND status IN (1, 2, 3) AND status IN (2, 3) AND owner = @owner";

    public async ValueTask Add(PrintBatch batch, CancellationToken cancellation) => await Execute(
        """
        INSERT INTO print_batches (id, status, made_at, by_kind, by_id, by_name, max, duplex) VALUES (@id, 1, @at, @kind, @byId, @name, @max, @duplex)
        ON CONFLICT (id) DO NOTHING
        """,
        new { id = batch.Id, at = batch.MadeAt.UtcDateTime, kind = StoredActor.NameOf(batch.By.Kind), byId = batch.By.Id, name = batch.By.Name, max = batch.Max, duplex = batch.Duplex },
        cancellation);

    public async ValueTask<PrintBatch?> Find(Guid id, CancellationToken cancellation) =>
        (await Query<BatchRow>($"{Batches} WHERE id = @id", new { id }, cancellation)).SingleOrDefault()?.ToBatch();

    public async ValueTask<IReadOnlyList<PrintBatch>> List(DateTimeOffset before, int max, CancellationToken cancellation) =>
        [.. (await Query<BatchRow>($"{Batches} WHERE made_at < @before ORDER BY made_at DESC, id DESC LIMIT @max", new { before = before.UtcDateTime, max = PageSize.Reading(max) }, cancellation))
            .Select(row => row.ToBatch())];

    public async ValueTask<IReadOnlyList<PrintBatch>> Unfinished(int max, CancellationToken cancellation) =>
        [.. (await Query<BatchRow>(
            $"{Batches} WHERE status = 1 OR (closed_at IS NOT NULL AND carried_at IS NULL) ORDER BY made_at LIMIT @max", new { max = PageSize.Work(max) }, cancellation))
            .Select(row => row.ToBatch())];

    public async ValueTask<IReadOnlyList<Delivery>> Held(PrintBatch batch, int max, CancellationToken cancellation) =>
        [.. (await Query<HeldRow>(
            $"""
            SELECT account_id AS Account, version, ordinal, payload, status, created_at AS WrittenAt, attempts, owner FROM outbox
            WHERE {HeldBy} ORDER BY account_id, version, ordinal LIMIT @max
            """,
            new { owner = batch.Owner, max = PageSize.Work(max) }, cancellation))
            .Select(row => new Delivery(
                new DeliveryId(new AccountId(row.Account), row.Version, row.Ordinal), MessageChannel.Print, JournalJson.ReadMessage(row.Payload), (DeliveryStatus)row.Status, Utc(row.WrittenAt),
                row.Attempts, Owner: row.Owner))];

    public async ValueTask<bool> Ready(PrintBatch batch, ImmutableArray<Letter> letters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isReady = await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE print_batches SET status = 2 WHERE id = @id AND status = 1 AND (SELECT count(*) FROM outbox WHERE {HeldBy}) = @letters",
            new { id = batch.Id, owner = batch.Owner, letters = letters.Length }, transaction, cancellationToken: cancellation)) == 1;
        if (!isReady) return false;
        foreach (var letter in letters)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO print_batch_items (batch_id, position, account_id, version, ordinal, attempt, document, number, client, name, street, city, postcode, country, pages, sheets)
                VALUES (@id, @position, @account, @version, @ordinal, @attempt, @document, @number, @client, @name, @street, @city, @postcode, @country, @pages, @sheets)
                """,
                new
                {
                    id = batch.Id, position = letter.Position, account = letter.Delivery.Account.Value, version = letter.Delivery.Version, ordinal = (short)letter.Delivery.Ordinal,
                    attempt = (short)letter.Attempt, document = letter.Document, number = letter.Number, client = letter.Client, name = letter.Name, street = letter.Address.Street,
                    city = letter.Address.City, postcode = letter.Address.PostalCode, country = letter.Address.Country, pages = letter.Pages, sheets = letter.Sheets,
                },
                transaction, cancellationToken: cancellation));
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask<IReadOnlyList<Letter>> Letters(Guid batch, int after, int max, CancellationToken cancellation) =>
        [.. (await Query<LetterRow>(
            """
            SELECT position, account_id AS Account, version, ordinal, attempt, document, number, client, name, street, city, postcode, country, pages, sheets
            FROM print_batch_items WHERE batch_id = @batch AND position > @after ORDER BY position LIMIT @max
            """,
            new { batch, after, max = PageSize.Work(max) }, cancellation))
            .Select(row => row.ToLetter())];

    public async ValueTask<bool> Close(Guid batch, PrintBatchStatus status, Actor by, DateTimeOffset at, CancellationToken cancellation)
    {
        Invariant.Require(status is PrintBatchStatus.Posted or PrintBatchStatus.TakenBack);
        return await Execute(
            """
            UPDATE print_batches SET status = @status, closed_at = coalesce(closed_at, @at), closed_by = coalesce(closed_by, @by)
            WHERE id = @batch AND (status = 2 OR status = @status)
            """,
            new { batch, status = (short)status, at = at.UtcDateTime, by = $"{by.Kind} {by.Id}: {by.Name}" }, cancellation) == 1;
    }

    public async ValueTask Carried(Guid batch, DateTimeOffset at, CancellationToken cancellation) =>
        await Execute("UPDATE print_batches SET carried_at = @at WHERE id = @batch AND carried_at IS NULL", new { batch, at = at.UtcDateTime }, cancellation);

    private async Task<int> Execute(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    private async Task<IEnumerable<T>> Query<T>(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    private static DateTimeOffset Utc(DateTime at) => new(at, TimeSpan.Zero);
}
