using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>Files of bank accounts that are nobody's yet. They are kept whole, because how a file is read depends on whose account it is of.</summary>
public sealed class HeldStatements(NpgsqlDataSource database)
{
    /// <summary>A larger file has to be uploaded again when its account is stated; a value of a row is in memory while it is written.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private const int FilesMax = 100;

    /// <param name="why">Which account is missing; shown where a refusal would be.</param>
    /// <returns>False when an import of that id is stored already.</returns>
    public async Task<bool> Hold(StatementImport import, ReadOnlyMemory<byte> content, string why, CancellationToken cancellation)
    {
        Invariant.Require(content.Length <= BytesMax);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await PostgresStatementImportStore.Insert(connection, import, ImportStatus.Held, why, cancellation)) return false;
        await using var command = new NpgsqlCommand(
            "INSERT INTO held_statements (import_id, content) VALUES (@import, @content) ON CONFLICT (import_id) DO NOTHING", connection);
        await command
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("content", NpgsqlDbType.Bytea, content)
            .ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ImportId>> All(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var ids = await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT import_id FROM held_statements JOIN statement_imports ON id = import_id ORDER BY started_at, id LIMIT @max",
            new { max = FilesMax }, cancellationToken: cancellation));
        return [.. ids.Select(id => new ImportId(id))];
    }

    /// <summary>Null when it is held no more.</summary>
    public async Task<byte[]?> Content(ImportId import, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT content FROM held_statements WHERE import_id = @import", new { import = import.Value }, cancellationToken: cancellation));
    }

    internal static Task Release(NpgsqlConnection connection, ImportId import, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        "DELETE FROM held_statements WHERE import_id = @import", new { import = import.Value }, cancellationToken: cancellation));
}
