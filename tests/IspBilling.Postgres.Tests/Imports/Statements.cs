using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Postgres.Tests.Imports;

/// <summary>Statement files as a reader would yield them.</summary>
internal static class Statements
{
    public const string OwnAccount = "2000145399/0800";
    public static readonly DateOnly Day = new(2026, 5, 4);

    /// <summary>Stands on the day after.</summary>
    public static readonly TimeProvider Clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 5, 6, 0, 0, TimeSpan.Zero));

    public static StatementEntry Payment(
        decimal amount, long? symbol = null, string? payer = "19-123/0100", string? message = null, string? reference = null, DateOnly? on = null,
        string? order = null) => new(
        OwnAccount, reference, Money.Czk(amount), EntryDirection.Credit, IsReversal: false, on ?? Day, on ?? Day, payer, "JAN NOVAK",
        symbol is { } value ? new VariableSymbol(value) : null, "308", null, message, order, "record 1, line 2");

    public static StatementEntry Reversal(
        decimal amount, long? symbol = null, string? payer = "19-123/0100", string? order = null, DateOnly? on = null) =>
        Payment(amount, symbol, payer, on: on, order: order) with { Direction = EntryDirection.Debit, IsReversal = true };

    public static StatementImport Import(string file = "may.gpc") => new(
        new ImportId(Guid.NewGuid()), file, "gpc", Actor.System("clerk"), new DateTimeOffset(2026, 5, 5, 6, 0, 0, TimeSpan.Zero), null, ImportStatus.Reading,
        ImportCounts.None, [], null);

    public static IAsyncEnumerable<StatementItem> File(params StatementEntry[] entries) => Items([.. entries.Select(entry => new StatementEntryRead(entry))]);

    public static async IAsyncEnumerable<StatementItem> Items(params StatementItem[] items)
    {
        await Task.Yield();
        foreach (var item in items) yield return item;
    }

    /// <summary>Entries, and then a record that cannot be trusted.</summary>
    public static async IAsyncEnumerable<StatementItem> BrokenAfter(params StatementEntry[] entries)
    {
        await foreach (var item in File(entries)) yield return item;
        throw new StatementFormatException("may.gpc", "record 17, line 52", "an amount of 12 digits", "'12a'");
    }
}
