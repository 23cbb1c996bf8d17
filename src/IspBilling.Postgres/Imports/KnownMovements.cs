using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>A statement that was told before, and the import that brought it.</summary>
internal sealed record KnownStatement(ToldStatement Statement, Guid Import);

/// <summary>Statements and movements that are known, as far as a statement that is being read may tell of them again.</summary>
internal sealed class KnownMovements(NpgsqlConnection connection)
{
    /// <summary>What of an entry can be compared, in the order in which <see cref="Read"/> takes it; the entry's key comes before.</summary>
    public const string Evidence =
        "direction, amount, booked_on, dated_by_statement, symbol, specific_symbol, counter_account, coalesce(bank_reference, entry_reference), reference_trust, " +
        "document_number, batch_parent, batch_ordinal, balance_before";

    /// <summary>With the key.</summary>
    public const int EvidenceColumns = 14;

    /// <summary>Stores the statement before its entries; its id.</summary>
    public async Task<long> Store(StatementSurvey survey, StatementImport import, CancellationToken cancellation)
    {
        var told = survey.Told(0, import.Format);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO bank_statements
                (import_id, account, currency, issuer, kind, format, number, first_day, last_day, days_from, days_to, openings, closings)
            VALUES (@import, @account, @currency, @issuer, @kind, @format, @number, @first, @last, @from, @to, @openings, @closings)
            RETURNING id
            """,
            connection);
        return (long)(await command
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("account", NpgsqlDbType.Text, told.Account)
            .With("currency", NpgsqlDbType.Text, told.Currency.Code)
            .With("issuer", NpgsqlDbType.Integer, survey.Owner?.Issuer.Value)
            .With("kind", NpgsqlDbType.Smallint, (short)told.Kind)
            .With("format", NpgsqlDbType.Text, told.Format)
            .With("number", NpgsqlDbType.Text, told.Number)
            .With("first", NpgsqlDbType.Date, told.From)
            .With("last", NpgsqlDbType.Date, told.To)
            .With("from", NpgsqlDbType.Array | NpgsqlDbType.Date, told.Spans.Select(span => span.From).ToArray())
            .With("to", NpgsqlDbType.Array | NpgsqlDbType.Date, told.Spans.Select(span => span.To).ToArray())
            .With("openings", NpgsqlDbType.Array | NpgsqlDbType.Bigint, told.Spans.Select(span => span.Opening).ToArray())
            .With("closings", NpgsqlDbType.Array | NpgsqlDbType.Bigint, told.Spans.Select(span => span.Closing).ToArray())
            .ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Statements that came before and may share entries with this one.</summary>
    public async Task<IReadOnlyList<KnownStatement>> Sharing(ToldStatement statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT id, import_id, kind, format, number, days_from, days_to, openings, closings FROM bank_statements
            WHERE account = @account AND currency = @currency AND last_day >= @from AND first_day <= @to AND id < @id ORDER BY id
            """,
            connection);
        command
            .With("account", NpgsqlDbType.Text, statement.Account)
            .With("currency", NpgsqlDbType.Text, statement.Currency.Code)
            .With("from", NpgsqlDbType.Date, statement.From.AddDays(-StatementRelations.DaysApartMax))
            .With("to", NpgsqlDbType.Date, statement.To.AddDays(StatementRelations.DaysApartMax))
            .With("id", NpgsqlDbType.Bigint, statement.Id);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var earlier = new Dictionary<long, KnownStatement>();
        while (await rows.ReadAsync(cancellation))
        {
            var other = new ToldStatement(
                rows.GetInt64(0), statement.Account, statement.Currency, (StatementKind)rows.GetInt16(2), rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4),
                Spans(rows.GetFieldValue<DateOnly[]>(5), rows.GetFieldValue<DateOnly[]>(6), rows.GetFieldValue<long?[]>(7), rows.GetFieldValue<long?[]>(8)));
            earlier.Add(other.Id, new KnownStatement(other, rows.GetGuid(1)));
        }

        return [.. StatementRelations.Sharing(statement, [.. earlier.Values.Select(known => known.Statement)]).Select(other => earlier[other.Id])];
    }

    /// <summary>Whether a release that kept no statements left entries of about these days, of whatever account.</summary>
    public async Task<bool> HasEntriesOfEarlierRelease(StagedStatement staged, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM statement_entries WHERE statement IS NULL AND booked_on BETWEEN @from AND @to)", connection);
        return (bool)(await About(command, staged).ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// The entries of these statements, those of an earlier release that are of the account and about these days, and those whose bank's id is told
    /// again.
    /// </summary>
    public async Task<IReadOnlyList<ToldEntry>> Of(
        StagedStatement staged, IReadOnlyList<KnownStatement> related, bool hasEarlierRelease, CancellationToken cancellation)
    {
        var known = new Dictionary<long, ToldEntry>();
        await using (var ofStatements = new NpgsqlCommand($"SELECT id, {Evidence}, statement, looks_like FROM statement_entries WHERE import_id = ANY (@imports) AND statement = ANY (@statements)", connection))
        {
            ofStatements
                .With("imports", NpgsqlDbType.Array | NpgsqlDbType.Uuid, related.Select(other => other.Import).Distinct().ToArray())
                .With("statements", NpgsqlDbType.Array | NpgsqlDbType.Bigint, related.Select(other => other.Statement.Id).ToArray());
            await Collect(ofStatements, known, cancellation);
        }

        await using (var ofIds = new NpgsqlCommand(
            $"""
            SELECT id, {Evidence}, statement, looks_like FROM statement_entries
            WHERE identity IN (
                SELECT called FROM incoming i, unnest(ARRAY[i.identity, i.identity_with_zeros]) AS called WHERE nth BETWEEN @first AND @last AND called IS NOT NULL)
            """,
            connection))
        {
            ofIds.With("first", NpgsqlDbType.Bigint, staged.First).With("last", NpgsqlDbType.Bigint, staged.Last);
            await Collect(ofIds, known, cancellation);
        }

        if (hasEarlierRelease) await CollectEarlierRelease(staged, known, cancellation);
        return [.. known.Values.OrderBy(entry => entry.Key)];
    }

    /// <summary>From a row of the key and <see cref="Evidence"/>.</summary>
    public static ToldEntry Read(NpgsqlDataReader row, long? statement) => new(
        row.GetInt64(0), statement, (EntryDirection)row.GetInt16(1), row.GetInt64(2), row.GetFieldValue<DateOnly>(3), row.GetBoolean(4), Number(row, 5), Text(row, 6),
        Text(row, 7) is { } counter ? AccountKey.Of(counter) : null,
        row.IsDBNull(9) && statement is not null ? null : Text(row, 8),
        row.IsDBNull(9) ? ReferenceTrust.UntilRepeated : (ReferenceTrust)row.GetInt16(9),
        Text(row, 10), Text(row, 11), row.IsDBNull(12) ? null : row.GetInt32(12), Number(row, 13));

    /// <summary>A file may have been imported when nobody had stated its account's bank.</summary>
    private async Task CollectEarlierRelease(StagedStatement staged, Dictionary<long, ToldEntry> known, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT id, {Evidence}, identity, own_account FROM statement_entries WHERE statement IS NULL AND booked_on BETWEEN @from AND @to ORDER BY id", connection);
        var (account, written) = (staged.Survey.Account, staged.Survey.AccountAsWritten);
        await using var rows = await About(command, staged).ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var own = rows.GetString(EvidenceColumns + 1);
            if (own != written && AccountKey.Of(own) != account) continue;
            var entry = Read(rows, statement: null) with { Names = [rows.GetString(EvidenceColumns)] };
            known.TryAdd(entry.Key, entry);
        }
    }

    private static async Task Collect(NpgsqlCommand command, Dictionary<long, ToldEntry> known, CancellationToken cancellation)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var entry = Read(rows, Number(rows, EvidenceColumns) ?? throw new InvariantBrokenException("an entry of a statement names it")) with
            {
                LooksLike = Number(rows, EvidenceColumns + 1),
            };
            known.TryAdd(entry.Key, entry);
        }
    }

    private static NpgsqlCommand About(NpgsqlCommand command, StagedStatement staged) => command
        .With("from", NpgsqlDbType.Date, staged.Days.From.AddDays(-StatementRelations.DaysApartMax))
        .With("to", NpgsqlDbType.Date, staged.Days.To.AddDays(StatementRelations.DaysApartMax));

    private static List<BalanceSpan> Spans(DateOnly[] from, DateOnly[] to, long?[] openings, long?[] closings) =>
        [.. from.Select((day, i) => new BalanceSpan(day, to[i], openings[i], closings[i]))];

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static long? Number(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetInt64(at);
}
