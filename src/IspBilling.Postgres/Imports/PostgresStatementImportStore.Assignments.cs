using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <remarks>
/// An assignment under way is the entry's step; each step has a generation, and whoever moves an assignment on names the
/// generation it read. So of two who carry on the same assignment, one wins and the other learns it.
/// </remarks>
public sealed partial class PostgresStatementImportStore
{
    private sealed record StepRow(int Generation, int Step, int Concerned, string? Kind, string? Id, string By, string? Reason);

    private sealed record PartRow(int Part, long Account, long Amount, long? Stated, string? StatedCurrency, int? Payment);

    public async ValueTask<Assignment?> BeginAssignment(long entry, Actor by, Disposition disposition, CancellationToken cancellation)
    {
        var parts = disposition.Parts;
        Invariant.Require(parts.Count > 0);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockDesk(connection, cancellation);
        if (await IsBookedElsewhere(connection, entry, cancellation)) return null;
        const string Idle = "state = 2 AND step IS NULL";
        if (!await Step(connection, entry, Idle, 0, AssignmentStep.Booking, parts.Count, by, disposition.Reason, cancellation)) return null;
        await Decide(connection, entry, disposition, cancellation);
        await Remember(connection, [entry], EntryAction.Assigned, by, disposition.Reason, cancellation);
        await ForgetParts(connection, entry, cancellation);
        await StoreParts(connection, entry, parts, cancellation);
        await transaction.CommitAsync(cancellation);
        return await UnderWay(connection, entry, cancellation);
    }

    public async ValueTask<Assignment?> BeginTakingOff(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        const string Idle = "state = 1 AND step IS NULL";
        if (!await Step(connection, entry, Idle, 0, AssignmentStep.TakingOff, concerned: null, by, reason, cancellation)) return null;
        await Remember(connection, [entry], EntryAction.TakenOff, by, reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return await UnderWay(connection, entry, cancellation);
    }

    public async ValueTask<Assignment?> NextStep(Assignment assignment, AssignmentStep step, int parts, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        const string Still = "generation = @generation AND step IS NOT NULL";
        return await Step(connection, assignment.Entry.Id, Still, assignment.Generation, step, parts, assignment.By, reason, cancellation)
            ? await UnderWay(connection, assignment.Entry.Id, cancellation)
            : null;
    }

    public async ValueTask<IReadOnlyList<Assignment>> UnfinishedAssignments(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var entries = await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT id FROM statement_entries WHERE on_desk AND step IS NOT NULL ORDER BY id LIMIT @max", new { max = MaxUnfinished }, cancellationToken: cancellation));
        var assignments = new List<Assignment>();
        foreach (var entry in entries)
        {
            if (await UnderWay(connection, entry, cancellation) is { } assignment) assignments.Add(assignment);
        }

        return assignments;
    }

    public async ValueTask<bool> EndAssignment(Assignment assignment, EntryOutcome outcome, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH before AS (
                SELECT id, state FROM statement_entries WHERE id = @entry AND generation = @generation AND step IS NOT NULL FOR UPDATE),
            changed AS (
                UPDATE statement_entries e
                SET state = @state, account_id = @account, rule = @rule, reason = @reason, candidates = @candidates,
                    fee = CASE WHEN @state = 1 THEN e.fee END, step = NULL, step_parts = NULL, step_reason = NULL
                FROM before b WHERE e.id = b.id
                RETURNING e.import_id, (e.state = 1)::int - (b.state = 1)::int AS matched, (e.state = 2)::int - (b.state = 2)::int AS suspense,
                    {Signed} AS signed)
            UPDATE statement_imports i
            SET matched = i.matched + c.matched, suspense = i.suspense + c.suspense, matched_total = i.matched_total + c.matched * c.signed
            FROM changed c WHERE i.id = c.import_id
            """;
        Invariant.Require(outcome.State is EntryState.Matched or EntryState.Suspense);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(Sql, connection);
        var ended = await command
            .With("entry", NpgsqlDbType.Bigint, assignment.Entry.Id)
            .With("generation", NpgsqlDbType.Integer, assignment.Generation)
            .With("state", NpgsqlDbType.Smallint, (short)outcome.State)
            .With("account", NpgsqlDbType.Bigint, outcome.Account?.Value)
            .With("rule", NpgsqlDbType.Smallint, (short?)outcome.Rule)
            .With("reason", NpgsqlDbType.Text, outcome.Reason)
            .With("candidates", NpgsqlDbType.Text, CandidateJson.Write(outcome.Candidates))
            .ExecuteNonQueryAsync(cancellation) == 1;
        if (!ended) return false;
        if (outcome.State == EntryState.Suspense) await ForgetParts(connection, assignment.Entry.Id, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await FindEntry(connection, entry, cancellation) is { } view ? await PartsOf(connection, view, cancellation) : [];
    }

    private static async Task<EntryPart[]> PartsOf(NpgsqlConnection connection, EntryView view, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<PartRow>(new CommandDefinition(
            """
            SELECT part, account_id AS Account, amount, stated, stated_currency AS StatedCurrency, payment
            FROM statement_entry_parts WHERE entry = @entry ORDER BY part
            """,
            new { entry = view.Id }, cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new EntryPart(
                row.Part, new AccountId(row.Account), new Money(row.Amount, view.Entry.Amount.Currency),
                row.Stated is { } stated ? new Money(stated, Currency.Parse(row.StatedCurrency!)) : null, row.Payment)),
        ];
    }

    /// <summary>The entry's assignment as it stands; null when none is under way.</summary>
    private static async Task<Assignment?> UnderWay(NpgsqlConnection connection, long entry, CancellationToken cancellation)
    {
        var step = await connection.QuerySingleOrDefaultAsync<StepRow>(new CommandDefinition(
            """
            SELECT generation, step::int AS Step, step_parts AS Concerned, assigned_by_kind AS Kind, assigned_by_id AS Id, assigned_by AS By,
                   step_reason AS Reason
            FROM statement_entries WHERE id = @entry AND step IS NOT NULL
            """,
            new { entry }, cancellationToken: cancellation));
        if (step is null || await FindEntry(connection, entry, cancellation) is not { } view) return null;
        var parts = await PartsOf(connection, view, cancellation);
        if (parts.Length == 0) parts = [new EntryPart(1, view.Account ?? throw new InvariantBrokenException("a matched entry has an account"), view.Entry.Amount)];
        return new Assignment(
            view, step.Generation, (AssignmentStep)step.Step, StoredActor.Of(step.Kind, step.Id, step.By), parts, step.Concerned, step.Reason,
            view.Rule ?? MatchRule.Clerk);
    }

    /// <param name="condition">When the entry may take the step.</param>
    /// <param name="concerned">How many parts the step is about; null for all.</param>
    private static async Task<bool> Step(
        NpgsqlConnection connection, long entry, string condition, int generation, AssignmentStep step, int? concerned, Actor by, string? reason,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            UPDATE statement_entries e
            SET step = @step, step_reason = @reason, assigned_by_kind = @byKind, assigned_by_id = @byId, assigned_by = @by,
                generation = generation + 1, step_parts = coalesce(@concerned, greatest(1, (SELECT count(*) FROM statement_entry_parts p WHERE p.entry = e.id)))
            WHERE id = @entry AND {condition}
            """,
            connection);
        return await command
            .With("entry", NpgsqlDbType.Bigint, entry)
            .With("generation", NpgsqlDbType.Integer, generation)
            .With("step", NpgsqlDbType.Smallint, (short)step)
            .With("concerned", NpgsqlDbType.Integer, concerned)
            .With("reason", NpgsqlDbType.Text, reason)
            .WithActor("by", by)
            .ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static async Task StoreParts(NpgsqlConnection connection, long entry, IReadOnlyList<EntryPart> parts, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO statement_entry_parts (entry, part, account_id, amount, stated, stated_currency, payment)
            SELECT @entry, * FROM unnest(@parts, @accounts, @amounts, @stated, @currencies, @payments)
            """,
            connection);
        await command
            .With("entry", NpgsqlDbType.Bigint, entry)
            .With("parts", NpgsqlDbType.Array | NpgsqlDbType.Integer, parts.Select(part => part.Part).ToArray())
            .With("accounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, parts.Select(part => part.Account.Value).ToArray())
            .With("amounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, parts.Select(part => part.Amount.Minor).ToArray())
            .With("stated", NpgsqlDbType.Array | NpgsqlDbType.Bigint, parts.Select(part => part.Stated?.Minor).ToArray())
            .With("currencies", NpgsqlDbType.Array | NpgsqlDbType.Text, parts.Select(part => part.Stated?.Currency.Code).ToArray())
            .With("payments", NpgsqlDbType.Array | NpgsqlDbType.Integer, parts.Select(part => part.Payment).ToArray())
            .ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Who and why; the clock is the database's, which is everybody's.</summary>
    private static async Task Remember(
        NpgsqlConnection connection, IReadOnlyList<long> entries, EntryAction action, Actor by, string? reason, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO statement_entry_decisions (entry, generation, at, by_kind, by_id, by, action, reason)
            SELECT id, generation, clock_timestamp(), @kind, @id, @name, @action, @reason FROM statement_entries WHERE id = ANY (@entries)
            """,
            new { entries = entries.ToArray(), kind = StoredActor.NameOf(by.Kind), id = by.Id, name = by.Name, action = (short)action, reason }, cancellationToken: cancellation));

    /// <summary>What decided, and what the bank kept; known before any account is asked.</summary>
    private static async Task Decide(NpgsqlConnection connection, long entry, Disposition disposition, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE statement_entries SET rule = @rule, fee = @fee WHERE id = @entry",
            new { entry, rule = (short)disposition.Rule, fee = disposition.Fee?.Minor }, cancellationToken: cancellation));

    private static async Task ForgetParts(NpgsqlConnection connection, long entry, CancellationToken cancellation) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM statement_entry_parts WHERE entry = @entry", new { entry }, cancellationToken: cancellation));
}
