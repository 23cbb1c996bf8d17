using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using Npgsql;

namespace IspBilling.Postgres.Notes;

/// <summary>What a note is about. Stored by number: never renumber.</summary>
public enum NoteKind : short
{
    /// <summary>Somebody spoke with the client.</summary>
    Call = 1,

    /// <summary>Somebody wrote something down.</summary>
    Note = 2,

    /// <summary>The client wrote: a message, a letter.</summary>
    Inbound = 3,
}

/// <param name="Text">Null once it was erased.</param>
/// <param name="Ticket">Of whoever keeps tickets; null when it belongs to none.</param>
public sealed record ClientNote(Guid Id, AccountId Account, DateTimeOffset At, NoteKind Kind, Actor By, string? Text, string? Ticket, DateTimeOffset? ErasedAt);

/// <summary>
/// What people wrote down about clients. It is personal and free: no search indexes it, no account decides by it, no chain of hashes holds it,
/// so that erasing a note leaves nothing of it but that there was one.
/// </summary>
public sealed class ClientNotes(NpgsqlDataSource database)
{
    public const int MaxText = 4_000;
    public const int MaxTicket = 100;

    /// <summary>Notes of one client; more are refused.</summary>
    public const int MaxOfClient = 10_000;

    /// <summary>Clients that one ticket may be about.</summary>
    public const int MaxClientsOfTicket = 20;

    internal const string Columns = "entry, id, account_id AS Account, at, kind, by_kind AS ByKind, by_id AS ById, by_name AS ByName, text, ticket, erased_at AS ErasedAt";

    internal sealed record Row(long Entry, Guid Id, long Account, DateTime At, short Kind, string ByKind, string ById, string ByName, string? Text, string? Ticket, DateTime? ErasedAt)
    {
        public ClientNote ToNote() => new(
            Id, new AccountId(Account), new DateTimeOffset(At, TimeSpan.Zero), (NoteKind)Kind, StoredActor.Of(ByKind, ById, ByName), Text, Ticket,
            ErasedAt is { } erased ? new DateTimeOffset(erased, TimeSpan.Zero) : null);
    }

    /// <summary>Writes a note down; one of the same id is there already and stays as it is.</summary>
    /// <returns>The note as it is stored; null when the client has as many as there may be.</returns>
    public async Task<ClientNote?> Add(ClientNote note, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO client_notes (id, account_id, at, kind, by_kind, by_id, by_name, text, ticket)
            SELECT @id, @account, @at, @kind, @byKind, @byId, @byName, @text, @ticket
            WHERE (SELECT count(*) FROM client_notes WHERE account_id = @account) < @most
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                id = note.Id, account = note.Account.Value, at = note.At.ToUniversalTime(), kind = (short)note.Kind,
                byKind = StoredActor.NameOf(note.By.Kind), byId = note.By.Id, byName = note.By.Name, text = note.Text, ticket = note.Ticket, most = MaxOfClient,
            },
            cancellationToken: cancellation));
        return await Find(connection, note.Account, note.Id, cancellation);
    }

    /// <summary>Takes the text of a note and the name of its ticket away for good; that there was one, when and by whom stays.</summary>
    /// <returns>False when the client has no such note.</returns>
    public async Task<bool> Erase(AccountId account, Guid id, Actor by, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE client_notes SET text = NULL, ticket = NULL, erased_at = coalesce(erased_at, @at), erased_by = coalesce(erased_by, @by)
            WHERE account_id = @account AND id = @id
            """,
            new { account = account.Value, id, at = at.ToUniversalTime(), by = $"{by.Kind} {by.Id}" }, cancellationToken: cancellation)) == 1;
    }

    /// <summary>Everything that was written down about a client, as <see cref="Erase"/>: for a client who is to be forgotten.</summary>
    /// <returns>How many notes.</returns>
    public async Task<int> EraseAll(AccountId account, Actor by, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE client_notes SET text = NULL, ticket = NULL, erased_at = @at, erased_by = @by WHERE account_id = @account AND erased_at IS NULL",
            new { account = account.Value, at = at.ToUniversalTime(), by = $"{by.Kind} {by.Id}" }, cancellationToken: cancellation));
    }

    /// <summary>The clients that a ticket's notes are about, and when the first and the last were written; empty when there is no such ticket.</summary>
    public async Task<IReadOnlyList<(AccountId Account, string Reference, DateTimeOffset First, DateTimeOffset Last)>> ClientsOf(string ticket, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(long Account, string Reference, DateTime First, DateTime Last)>(new CommandDefinition(
            """
            SELECT n.account_id, min(c.reference), min(n.at), max(n.at) FROM client_notes n JOIN client_references c USING (account_id)
            WHERE n.ticket = @ticket GROUP BY n.account_id ORDER BY n.account_id LIMIT @most
            """,
            new { ticket, most = MaxClientsOfTicket }, cancellationToken: cancellation));
        return [.. rows.Select(row => (new AccountId(row.Account), row.Reference, new DateTimeOffset(row.First, TimeSpan.Zero), new DateTimeOffset(row.Last, TimeSpan.Zero)))];
    }

    private static async Task<ClientNote?> Find(NpgsqlConnection connection, AccountId account, Guid id, CancellationToken cancellation) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM client_notes WHERE account_id = @account AND id = @id", new { account = account.Value, id }, cancellationToken: cancellation)))?.ToNote();
}
