using System.Data.Common;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>
/// The columns of <c>statement_entries</c>, each declared once: what is copied from a file, what is selected, and how a row is read
/// are made of the declarations. A new column needs its declaration here, its place in the value that is read, and a migration.
/// </summary>
internal static class StatementEntryTable
{
    /// <summary>More than this no clerk reads.</summary>
    public const int OtherTextsMax = 1_000;

    // Declarations add to these as the class is initialized, from the top down.
    private static readonly List<StagedColumn> Staged = [];
    private static readonly List<string> Read = [];

    private static readonly EntryColumn<long> Id = Kept<long>("id");
    private static readonly EntryColumn<Guid> Import = Kept<Guid>("import_id");
    private static readonly EntryColumn<string> Identity = Kept<string>("identity");
    private static readonly EntryColumn<short> State = Kept<short>("state");
    private static readonly EntryColumn<long?> Account = Kept<long?>("account_id");
    private static readonly EntryColumn<short?> Rule = Kept<short?>("rule");
    private static readonly EntryColumn<string?> Reason = Kept<string?>("reason");
    private static readonly EntryColumn<string?> Candidates = Kept<string?>("candidates");
    private static readonly EntryColumn<string?> AssignedByKind = Kept<string?>("assigned_by_kind");
    private static readonly EntryColumn<string?> AssignedById = Kept<string?>("assigned_by_id");
    private static readonly EntryColumn<string?> AssignedBy = Kept<string?>("assigned_by");
    private static readonly EntryColumn<int?> Issuer = Kept<int?>("issuer");
    private static readonly EntryColumn<bool> IsForeign = Kept<bool>("is_foreign");
    private static readonly EntryColumn<bool> IsDoubtful = Kept<bool>("is_doubtful");
    private static readonly EntryColumn<long?> LooksLike = Kept<long?>("looks_like");
    private static readonly EntryColumn<long?> Fee = Kept<long?>("fee");
    private static readonly EntryColumn<long?> ClosedWith = Kept<long?>("closed_with");

    private static readonly EntryColumn<string> OwnAccount = Text("own_account", staged => staged.Entry.OwnAccount)!;
    private static readonly EntryColumn<string?> EntryReference = Text("entry_reference", staged => staged.Entry.EntryReference);
    private static readonly EntryColumn<long> Amount = Typed("amount", NpgsqlDbType.Bigint, staged => staged.Entry.Amount.Minor);
    private static readonly EntryColumn<string> Currency = Text("currency", staged => staged.Entry.Amount.Currency.Code)!;
    private static readonly EntryColumn<short> Direction = Typed("direction", NpgsqlDbType.Smallint, staged => (short)staged.Entry.Direction);
    private static readonly EntryColumn<bool> IsReversal = Typed("is_reversal", NpgsqlDbType.Boolean, staged => staged.Entry.IsReversal);
    private static readonly EntryColumn<DateOnly> BookedOn = Typed("booked_on", NpgsqlDbType.Date, staged => staged.Entry.BookedOn);
    private static readonly EntryColumn<DateOnly> ValueOn = Typed("value_on", NpgsqlDbType.Date, staged => staged.Entry.ValueOn);
    private static readonly EntryColumn<string?> CounterAccount = Text("counter_account", staged => staged.Entry.CounterAccount);
    private static readonly EntryColumn<string?> CounterName = Text("counter_name", staged => staged.Entry.CounterName);
    private static readonly EntryColumn<long?> Symbol = Typed("symbol", NpgsqlDbType.Bigint, staged => staged.Entry.VariableSymbol?.Value);
    private static readonly EntryColumn<string?> ConstantSymbol = Text("constant_symbol", staged => staged.Entry.ConstantSymbol);
    private static readonly EntryColumn<string?> SpecificSymbol = Text("specific_symbol", staged => staged.Entry.SpecificSymbol);
    private static readonly EntryColumn<string?> Message = Text("message", staged => staged.Entry.Message);
    private static readonly EntryColumn<string?> OrderReference = Text("order_reference", staged => staged.Entry.OrderReference);
    private static readonly EntryColumn<string> Position = Text("position", staged => staged.Entry.Position)!;
    private static readonly EntryColumn<short?> Hold = Typed("hold", NpgsqlDbType.Smallint, HoldOf);
    private static readonly EntryColumn<string?> OtherTexts = Text("other_texts", OtherTextsOf);

    static StatementEntryTable()
    {
        // Compared with what is known (KnownMovements) and not shown.
        CopiedOnly("balance_before", NpgsqlDbType.Bigint, staged => staged.Facts.BalanceBefore?.Minor);
        CopiedOnly("bank_reference", staged => staged.Reference?.Text == staged.Entry.EntryReference ? null : staged.Reference?.Text);
        CopiedOnly("reference_trust", NpgsqlDbType.Smallint, staged => (short?)staged.Reference?.Trust);
        CopiedOnly("document_number", staged => staged.Facts.DocumentNumber);
        CopiedOnly("batch_parent", staged => staged.Facts.Batch?.Parent);
        CopiedOnly("batch_ordinal", NpgsqlDbType.Integer, staged => staged.Facts.Batch?.Ordinal);
        CopiedOnly("dated_by_statement", NpgsqlDbType.Boolean, staged => staged.Facts.IsDatedByStatement);
        Copied = string.Join(", ", Staged.Select(column => column.Name));
        Selected = string.Join(", ", Read);
        Writers = [.. Staged];
        Declared = [.. Read.Union(Staged.Select(column => column.Name), StringComparer.Ordinal)];
    }

    /// <summary>The names of all columns that are declared here.</summary>
    public static IReadOnlyList<string> Declared { get; }

    /// <summary>The names of what comes from the file, in the order in which <see cref="Write"/> writes it.</summary>
    public static string Copied { get; }

    private static string Selected { get; }

    private static StagedColumn[] Writers { get; }

    /// <exception cref="StatementFormatException">A text that PostgreSQL does not hold.</exception>
    public static async Task Write(NpgsqlBinaryImporter copy, StagedEntry staged, CancellationToken cancellation)
    {
        foreach (var column in Writers) await column.Write(copy, staged, cancellation);
    }

    /// <param name="rest">What follows FROM: WHERE, ORDER BY, LIMIT.</param>
    public static Task<List<StoredEntry>> Stored(NpgsqlConnection connection, string rest, object parameters, CancellationToken cancellation) =>
        Select(connection, rest, parameters, ToStored, cancellation);

    /// <param name="rest">What follows FROM: WHERE, ORDER BY, LIMIT.</param>
    public static async Task<List<EntryView>> Views(NpgsqlConnection connection, string rest, object parameters, CancellationToken cancellation) =>
        await Doubts.Shown(connection, await Select(connection, rest, parameters, ToView, cancellation), cancellation);

    private static async Task<List<T>> Select<T>(
        NpgsqlConnection connection, string rest, object parameters, Func<DbDataReader, T> of, CancellationToken cancellation)
    {
        await using var rows = await connection.ExecuteReaderAsync(
            new CommandDefinition($"SELECT {Selected} FROM statement_entries {rest}", parameters, cancellationToken: cancellation));
        var entries = new List<T>();
        while (await rows.ReadAsync(cancellation)) entries.Add(of(rows));
        return entries;
    }

    private static StoredEntry ToStored(DbDataReader row) =>
        new(Id.Of(row), Identity.Of(row), ToEntry(row), (EntryHold?)Hold.Of(row), OtherTexts.Of(row)) { Receiver = ReceiverOf(row) };

    private static EntryView ToView(DbDataReader row)
    {
        var entry = ToEntry(row);
        return new EntryView(
            Id.Of(row),
            new ImportId(Import.Of(row)),
            entry,
            Identity.Of(row),
            (EntryState)State.Of(row),
            Account.Of(row) is { } account ? new AccountId(account) : null,
            (MatchRule?)Rule.Of(row),
            Reason.Of(row),
            CandidateJson.Read(Candidates.Of(row)),
            AssignedBy.Of(row) is { } by ? StoredActor.Of(AssignedByKind.Of(row), AssignedById.Of(row), by) : null,
            (EntryHold?)Hold.Of(row),
            OtherTexts.Of(row),
            Fee.Of(row) is { } fee ? new Money(fee, entry.Amount.Currency) : null,
            ClosedWith.Of(row))
        {
            Receiver = ReceiverOf(row), IsDoubtful = IsDoubtful.Of(row), LooksLike = LooksLike.Of(row),
        };
    }

    private static StatementEntry ToEntry(DbDataReader row) => new(
        OwnAccount.Of(row),
        EntryReference.Of(row),
        new Money(Amount.Of(row), Domain.Currency.Parse(Currency.Of(row))),
        (EntryDirection)Direction.Of(row),
        IsReversal.Of(row),
        BookedOn.Of(row),
        ValueOn.Of(row),
        CounterAccount.Of(row),
        CounterName.Of(row),
        Symbol.Of(row) is { } symbol ? new VariableSymbol(symbol) : null,
        ConstantSymbol.Of(row),
        SpecificSymbol.Of(row),
        Message.Of(row),
        OrderReference.Of(row),
        Position.Of(row));

    private static Receiver ReceiverOf(DbDataReader row) => new(Issuer.Of(row) is { } issuer ? new IssuerId(issuer) : null, IsForeign.Of(row));

    private static short? HoldOf(StagedEntry staged) => staged.Facts.Batch is { Ordinal: null, Count: > 1 } ? (short?)EntryHold.Batch : null;

    private static string? OtherTextsOf(StagedEntry staged)
    {
        var facts = staged.Facts;
        if (facts.Messages.Count == 0 && facts.Unused.Count == 0) return null;
        var texts = facts.Messages.Where(message => message != staged.Entry.Message)
            .Concat(facts.Unused.Select(unused => $"{unused.Where}: {unused.Text}"));
        var joined = string.Join('\n', texts);
        return joined.Length switch
        {
            0 => null,
            <= OtherTextsMax => joined,
            // Never between the halves of a character.
            _ => joined[..(char.IsHighSurrogate(joined[OtherTextsMax - 1]) ? OtherTextsMax - 1 : OtherTextsMax)],
        };
    }

    /// <summary>What the engine itself keeps of an entry.</summary>
    private static EntryColumn<T> Kept<T>(string name)
    {
        Read.Add(name);
        return new EntryColumn<T>(Read.Count - 1);
    }

    private static EntryColumn<T> Typed<T>(string name, NpgsqlDbType type, Func<StagedEntry, T> value)
    {
        CopiedOnly(name, type, value);
        return Kept<T>(name);
    }

    private static EntryColumn<string?> Text(string name, Func<StagedEntry, string?> value)
    {
        CopiedOnly(name, value);
        return Kept<string?>(name);
    }

    private static void CopiedOnly<T>(string name, NpgsqlDbType type, Func<StagedEntry, T> value) =>
        Staged.Add(new StagedColumn<T>(name, type, value));

    private static void CopiedOnly(string name, Func<StagedEntry, string?> value) => Staged.Add(new StagedText(name, value));
}
