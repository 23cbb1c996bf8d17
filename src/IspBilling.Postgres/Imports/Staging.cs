using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>
/// Reads one file into the database inside the caller's transaction: everything streams into a table of the transaction's own,
/// in constant memory, and from there the entries that nobody knew move over, statement by statement.
/// </summary>
internal sealed class Staging(NpgsqlConnection connection, StatementImport import)
{
    /// <summary>More than a GPC file of 2 GiB holds. A bound on the database's work, not on memory: nothing of the file is kept.</summary>
    public const int MaxEntries = 25_000_000;

    /// <summary>Statements of one file whose days are kept in memory; a year of daily statements of a few accounts is a thousand.</summary>
    public const int MaxStatements = 100_000;

    /// <summary>"ISPSTAGE" in ASCII; advisory locks of one database share one number space.</summary>
    private const long StageLock = 0x49_53_50_53_54_41_47_45;

    /// <summary>With more statements than this, each is found in the file by an index.</summary>
    private const int StatementsWithoutIndex = 8;

    /// <summary>What a clerk must see, however much else there is to say: balances that do not add up, entries that may be known.</summary>
    private readonly List<string> _foremost = [];

    private readonly List<string> _warnings = [];
    private readonly List<StagedStatement> _statements = [];
    private readonly List<(long First, long Last)> _unproven = [];
    private readonly BalanceProof _proof = new();
    private bool _hasEarlierRelease;
    private long _read;
    private long _unsaid;

    /// <exception cref="StatementFormatException">The caller rolls back.</exception>
    public async Task Run(IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        _hasEarlierRelease = await Scalar<bool>("SELECT EXISTS (SELECT FROM statement_entries WHERE statement IS NULL)", cancellation);
        await Execute(
            $"""
            CREATE TEMP TABLE incoming ON COMMIT DROP AS
            SELECT id AS nth, identity, ''::text AS identity_with_zeros, ''::text AS name, ''::text AS name_as_written, {StatementEntryTable.Copied} FROM statement_entries WITH NO DATA
            """,
            cancellation);
        await CopyIn(items, cancellation);
        await HoldUnproven(cancellation);
        var (stored, doubtful) = await MoveOver(cancellation);
        if (doubtful > 0) Say(_foremost, $"{doubtful} entries look like entries that are known, and nothing proves it: they wait for a person");
        await using var count = new NpgsqlCommand(
            """
            UPDATE statement_imports SET read = @read, already_known = @known, suspense = @doubtful, warnings = @warnings, content_hash = @hash WHERE id = @import
            """,
            connection);
        await count
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("read", NpgsqlDbType.Bigint, _read)
            .With("known", NpgsqlDbType.Bigint, _read - stored)
            .With("doubtful", NpgsqlDbType.Bigint, doubtful)
            .With("warnings", NpgsqlDbType.Array | NpgsqlDbType.Text, Warnings())
            .With("hash", NpgsqlDbType.Bytea, import.ContentHash?.ToArray())
            .ExecuteNonQueryAsync(cancellation);
    }

    private async Task CopyIn(IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY incoming (nth, identity, identity_with_zeros, name, name_as_written, {StatementEntryTable.Copied}) FROM STDIN (FORMAT binary)", cancellation);
        var isOpen = false;
        string? warned = null;
        await foreach (var item in items.WithCancellation(cancellation))
        {
            // A reader that adds up says what is wrong right before it closes the statement.
            if (warned is not null) Say(item is StatementClosed { Balance: BalanceVerdict.Contradicted } ? _foremost : _warnings, warned);
            warned = item is StatementWarning warning ? $"{warning.Position}: {warning.Text}" : null;
            var discrepancy = _proof.Take(item);
            if (discrepancy is not null) Say(_foremost, discrepancy);
            switch (item)
            {
                case StatementOpened opened:
                    Begin(opened.Position).Survey.Open(opened);
                    isOpen = true;
                    break;
                case StatementEntryRead read:
                    // Entries without a head are a statement of which nothing else is known.
                    if (!isOpen) Begin(read.Entry.Position);
                    isOpen = true;
                    await Take(copy, read, cancellation);
                    break;
                case StatementClosed closed when isOpen:
                    var statement = _statements[^1];
                    statement.Survey.Close(closed);
                    if (discrepancy is not null || closed.Balance == BalanceVerdict.Contradicted) _unproven.Add((statement.First, statement.Last));
                    isOpen = false;
                    break;
            }
        }

        if (warned is not null) Say(_warnings, warned);
        await copy.CompleteAsync(cancellation);
    }

    /// <summary>What a statement that does not add up takes back, a person decides about.</summary>
    private async Task HoldUnproven(CancellationToken cancellation)
    {
        if (_unproven.Count == 0) return;
        await using var hold = new NpgsqlCommand(
            "UPDATE incoming SET hold = @hold FROM unnest(@from, @to) AS s (first, last) WHERE is_reversal AND nth BETWEEN s.first AND s.last", connection)
        { CommandTimeout = 0 };
        await hold
            .With("hold", NpgsqlDbType.Smallint, (short)EntryHold.DirectionUnproven)
            .With("from", NpgsqlDbType.Array | NpgsqlDbType.Bigint, _unproven.ConvertAll(statement => statement.First))
            .With("to", NpgsqlDbType.Array | NpgsqlDbType.Bigint, _unproven.ConvertAll(statement => statement.Last))
            .ExecuteNonQueryAsync(cancellation);
    }

    private StagedStatement Begin(string position)
    {
        if (_statements.Count == MaxStatements) throw new StatementFormatException(import.FileName, position, $"at most {MaxStatements} statements in a file", "more");
        var statement = new StagedStatement(_read + 1);
        _statements.Add(statement);
        return statement;
    }

    private async Task Take(NpgsqlBinaryImporter copy, StatementEntryRead read, CancellationToken cancellation)
    {
        var entry = read.Entry;
        if (++_read > MaxEntries) throw Refusal(entry, $"at most {MaxEntries} entries in a file", "more");
        if (!entry.Amount.IsPositive) throw Refusal(entry, "an amount above 0", entry.Amount.ToString());
        var statement = _statements[^1];
        statement.Take(read, _read);
        await Write(copy, read, statement, cancellation);
    }

    /// <summary>Adds what is new, in file order; how many, and how many of these may be known all the same.</summary>
    /// <remarks>
    /// Two overlapping files would each find the other's entries missing; so files move over one after another. Reading them is not held up
    /// by that.
    /// </remarks>
    private async Task<(long Stored, long Doubtful)> MoveOver(CancellationToken cancellation)
    {
        await Execute($"SELECT pg_advisory_xact_lock({StageLock})", cancellation);
        if (await FileKnownAs(cancellation) is { } before)
        {
            Say(_foremost, $"the same file was imported before: {before}");
            return (0, 0);
        }

        if (_statements.Count > StatementsWithoutIndex) await Execute("CREATE INDEX ON incoming (nth)", cancellation);
        await Execute("ANALYZE incoming (nth)", cancellation);
        var known = new KnownMovements(connection);
        var (stored, doubtful) = (0L, 0L);
        foreach (var staged in _statements.Where(statement => statement.Survey.Entries > 0))
        {
            var statement = staged.Survey.Told(await known.Store(staged.Survey, import, cancellation), import.Format);
            var related = await known.Sharing(statement, cancellation);
            var isSeen = related.Count > 0 || (_hasEarlierRelease && await known.HasEntriesOfEarlierRelease(staged, cancellation));
            var verdicts = isSeen
                ? Recognition.Of(statement, await Told(staged, statement.Id, cancellation), related.Select(other => other.Statement), await known.Of(staged, related, _hasEarlierRelease, cancellation))
                : null;
            stored += await Insert(staged, statement, verdicts, cancellation);
            if (verdicts is not null)
            {
                await Doubts.Store(connection, verdicts, statement.Id, cancellation);
                await ToldAgain.Tell(connection, import.Id, verdicts, cancellation);
            }

            doubtful += verdicts?.Values.Count(verdict => verdict.As == Recognised.Doubtful) ?? 0;
        }

        return (stored, doubtful);
    }

    /// <summary>An earlier import of the same bytes; null where there is none.</summary>
    private async Task<string?> FileKnownAs(CancellationToken cancellation)
    {
        if (import.ContentHash is not { } hash) return null;
        await using var command = new NpgsqlCommand(
            """
            SELECT file_name || ' of ' || to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM statement_imports
            WHERE content_hash = @hash AND id <> @import AND status IN (@matching, @finished) ORDER BY started_at LIMIT 1
            """,
            connection);
        return (string?)await command
            .With("hash", NpgsqlDbType.Bytea, hash.ToArray())
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("matching", NpgsqlDbType.Smallint, (short)ImportStatus.Matching)
            .With("finished", NpgsqlDbType.Smallint, (short)ImportStatus.Finished)
            .ExecuteScalarAsync(cancellation);
    }

    private async Task<IReadOnlyList<ToldEntry>> Told(StagedStatement staged, long statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT nth, {KnownMovements.Evidence}, name, name_as_written FROM incoming WHERE nth BETWEEN @first AND @last ORDER BY nth", connection);
        command.With("first", NpgsqlDbType.Bigint, staged.First).With("last", NpgsqlDbType.Bigint, staged.Last);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var told = new List<ToldEntry>();
        while (await rows.ReadAsync(cancellation))
        {
            var entry = KnownMovements.Read(rows, statement);
            told.Add(entry with { Names = Names(rows) });
        }

        return told;

        static IReadOnlyList<string> Names(NpgsqlDataReader rows) =>
            [.. ((int[])[KnownMovements.EvidenceColumns, KnownMovements.EvidenceColumns + 1]).Where(at => !rows.IsDBNull(at)).Select(rows.GetString)];
    }

    /// <param name="verdicts">By place in the file; null where nothing of the statement can be known.</param>
    private async Task<long> Insert(StagedStatement staged, ToldStatement statement, IReadOnlyDictionary<long, Verdict>? verdicts, CancellationToken cancellation)
    {
        var doubtful = verdicts?.Where(verdict => verdict.Value.As == Recognised.Doubtful).ToList() ?? [];
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO statement_entries (import_id, identity, statement, issuer, is_foreign, state, is_doubtful, looks_like, reason, {StatementEntryTable.Copied})
            SELECT @import, coalesce(i.identity, @statement || '.' || nth), @statement, @issuer, @foreign,
                CASE WHEN d.why IS NULL THEN 0 ELSE 2 END, d.why IS NOT NULL, d.entry, d.why, {StatementEntryTable.Copied}
            FROM incoming i
            LEFT JOIN unnest(@doubtful, @entries, @whys) AS d (nth, entry, why) USING (nth)
            LEFT JOIN unnest(@known) AS k (known) ON k.known = nth
            WHERE nth BETWEEN @first AND @last AND k.known IS NULL
                AND NOT EXISTS (SELECT FROM statement_entries before WHERE before.identity = i.identity_with_zeros)
            ORDER BY nth
            ON CONFLICT (identity) DO NOTHING
            """,
            connection)
        { CommandTimeout = 0 };
        var owner = staged.Survey.Owner;
        return await command
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("statement", NpgsqlDbType.Bigint, statement.Id)
            .With("issuer", NpgsqlDbType.Integer, owner?.Issuer.Value)
            .With("foreign", NpgsqlDbType.Boolean, owner is { } asked && asked.Currency != statement.Currency)
            .With("doubtful", NpgsqlDbType.Array | NpgsqlDbType.Bigint, doubtful.Select(verdict => verdict.Key).ToArray())
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, doubtful.Select(verdict => verdict.Value.Entry).ToArray())
            .With("whys", NpgsqlDbType.Array | NpgsqlDbType.Text, doubtful.Select(verdict => verdict.Value.Why).ToArray())
            .With("known", NpgsqlDbType.Array | NpgsqlDbType.Bigint, verdicts?.Where(verdict => verdict.Value.As == Recognised.Known).Select(verdict => verdict.Key).ToArray() ?? [])
            .With("first", NpgsqlDbType.Bigint, staged.First)
            .With("last", NpgsqlDbType.Bigint, staged.Last)
            .ExecuteNonQueryAsync(cancellation);
    }

    private async Task Write(NpgsqlBinaryImporter copy, StatementEntryRead read, StagedStatement statement, CancellationToken cancellation)
    {
        var names = _hasEarlierRelease ? EarlierNames.Of(read, statement.Survey.AccountAsWritten) : [];
        var staged = new StagedEntry(import.FileName, read, ToldEntry.ReferenceOf(read));
        await copy.StartRowAsync(cancellation);
        await copy.WriteAsync(_read, NpgsqlDbType.Bigint, cancellation);
        await StagedText.Write(copy, EntryIdentity.OfUnique(read, statement.Survey.Account), staged, cancellation);
        await StagedText.Write(copy, EntryIdentity.OfUniqueWithZeros(read, statement.Survey.Account), staged, cancellation);
        await StagedText.Write(copy, names.ElementAtOrDefault(0), staged, cancellation);
        await StagedText.Write(copy, names.ElementAtOrDefault(1), staged, cancellation);
        await StatementEntryTable.Write(copy, staged, cancellation);
    }

    private void Say(List<string> warnings, string text)
    {
        if (warnings.Count < StatementImport.MaxWarnings) warnings.Add(text.Replace("\0", "", StringComparison.Ordinal));
        else _unsaid++;
    }

    private string[] Warnings()
    {
        string[] all = [.. _foremost, .. _warnings];
        if (_unsaid == 0 && all.Length <= StatementImport.MaxWarnings) return all;
        const int Named = StatementImport.MaxWarnings - 1;
        return [.. all.Take(Named), string.Create(CultureInfo.InvariantCulture, $"{all.Length - Named + _unsaid} more warnings")];
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<T> Scalar<T>(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private StatementFormatException Refusal(StatementEntry entry, string expected, string found) =>
        new(import.FileName, entry.Position, expected, found);
}

/// <summary>One statement of the file that is being staged, and where in the file it is.</summary>
/// <param name="first">Place of its first entry, from 1.</param>
internal sealed class StagedStatement(long first)
{
    public StatementSurvey Survey { get; } = new();

    public long First => first;

    public long Last { get; private set; } = first - 1;

    /// <summary>The days of its entries, as today's reader dates them and as an earlier release did.</summary>
    public (DateOnly From, DateOnly To) Days { get; private set; } = (DateOnly.MaxValue, DateOnly.MinValue);

    public void Take(StatementEntryRead read, long nth)
    {
        Survey.Take(read);
        Last = nth;
        Include(read.Entry.BookedOn);
        if (read.Facts.AsReadBefore is { } before) Include(before.BookedOn);
    }

    private void Include(DateOnly day) => Days = (day < Days.From ? day : Days.From, day > Days.To ? day : Days.To);
}
