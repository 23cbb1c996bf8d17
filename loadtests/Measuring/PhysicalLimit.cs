using System.Diagnostics;
using System.Globalization;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.LoadTests.Measuring;

/// <param name="Bytes">In the binary COPY format.</param>
/// <param name="Seconds">From the first byte sent to the end of the commit.</param>
public sealed record TableCopy(string Table, ulong Rows, long Bytes, double Seconds);

/// <summary>
/// How fast the database takes the very rows that a billing run produced, when nothing is decided, checked or encoded: plain
/// binary COPY, table after table, into tables of the same definition and indexes, each committed durably.
/// </summary>
public sealed class PhysicalLimit(NpgsqlDataSource database, DirectoryInfo directory)
{
    private const int BufferSize = 1 << 20;

    /// <summary>What a billing run writes: each table, the columns it sends, and which rows are the run's.</summary>
    private static readonly (string Table, string Columns, string Rows)[] Written =
    [
        ("accounts", "*", "accounts t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.id) ORDER BY id"),
        ("journal", "*", "journal t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.account_id AND d.version = t.version) ORDER BY account_id, version"),
        ("outbox", "*", "outbox t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.account_id AND d.version = t.version) ORDER BY account_id, version, ordinal"),
        ("documents", "*", "documents t WHERE run = @run ORDER BY account_id, ordinal"),
        ("document_lines", "*", "document_lines t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.account_id AND d.ordinal = t.document) ORDER BY account_id, document, line"),
        ("postings", "*", "postings t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.account_id AND d.version = t.version) ORDER BY account_id, version"),
        ("open_items", "*", "open_items t WHERE EXISTS (SELECT FROM documents d WHERE d.run = @run AND d.account_id = t.account_id AND d.ordinal = t.document) ORDER BY account_id, document"),
        ("billing_run_items", "*", "billing_run_items t WHERE run = @run ORDER BY account_id"),
    ];

    public async Task<IReadOnlyList<TableCopy>> Measure(RunId run, Action<string, double, double> report, CancellationToken cancellation)
    {
        var files = new List<FileInfo>();
        // The server's data may lie elsewhere: where the user it runs as can reach it.
        directory.Create();
        try
        {
            foreach (var (table, columns, rows) in Written)
            {
                report("setting the rows aside", files.Count, Written.Length);
                files.Add(await SetAside(table, columns, rows, run, cancellation));
                await CreateTwin(table, cancellation);
            }

            report("setting the rows aside", files.Count, Written.Length);
            await Execute("CHECKPOINT", cancellation);
            var copies = new List<TableCopy>();
            foreach (var ((table, columns, _), file) in Written.Zip(files))
            {
                report("copying to the limit", copies.Count, Written.Length);
                copies.Add(await Copy(table, columns, file, cancellation));
            }

            report("copying to the limit", copies.Count, Written.Length);
            return copies;
        }
        finally
        {
            foreach (var file in files) file.Delete();
            foreach (var (table, _, _) in Written) await Execute($"DROP TABLE IF EXISTS limit_{table}", CancellationToken.None);
        }
    }

    private async Task<FileInfo> SetAside(string table, string columns, string rows, RunId run, CancellationToken cancellation)
    {
        var file = new FileInfo(Path.Combine(directory.FullName, $"limit-{table}.copy"));
        var id = run.Value.ToString("D", CultureInfo.InvariantCulture);
        var query = $"SELECT {Qualified(columns)} FROM {rows.Replace("@run", $"'{id}'", StringComparison.Ordinal)}";
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var from = await connection.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)", cancellation);
        await using var to = file.Create();
        await from.CopyToAsync(to, BufferSize, cancellation);
        return file;
    }

    private static string Qualified(string columns) => string.Join(", ", columns.Split(", ").Select(column => $"t.{column}"));

    /// <summary>Definition, indexes, compression and fill factor of the table, without its rows.</summary>
    private async Task CreateTwin(string table, CancellationToken cancellation)
    {
        await Execute($"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)", cancellation);
        await using var options = database.CreateCommand($"SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = '{table}'::regclass AND reloptions IS NOT NULL");
        if (await options.ExecuteScalarAsync(cancellation) is string set) await Execute($"ALTER TABLE limit_{table} SET ({set})", cancellation);
    }

    private async Task<TableCopy> Copy(string table, string columns, FileInfo file, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var target = columns == "*" ? $"limit_{table}" : $"limit_{table} ({columns})";
        var started = Stopwatch.GetTimestamp();
        await using (var to = await connection.BeginRawBinaryCopyAsync($"COPY {target} FROM STDIN (FORMAT BINARY)", cancellation))
        await using (var from = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize))
        {
            await from.CopyToAsync(to, BufferSize, cancellation);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM limit_{table}", connection) { CommandTimeout = 0 };
        return new TableCopy(table, (ulong)(long)(await count.ExecuteScalarAsync(cancellation))!, file.Length, seconds);
    }

    private async Task Execute(string statement, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(statement);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
