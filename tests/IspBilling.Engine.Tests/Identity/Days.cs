using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.Identity;

/// <summary>Statements of one day in short words.</summary>
internal static class Days
{
    private const string OwnAccount = "19-2000145399/0800";

    /// <summary>
    /// A statement of one day: <c>0: 100 200</c> from a balance of 0, <c>?:</c> without balances. A plus makes a payment of a batch, with its place
    /// in it; behind # is the reference, of a payment of a batch that of the batch.
    /// </summary>
    public static async Task<StatementImport> Tell(IStatementImportStore store, string format, string told, string own = OwnAccount)
    {
        var (opening, entries) = told.Split(": ") is [var balance, var rest] ? (balance, rest.Split(' ')) : throw new ArgumentException("balance: amounts", nameof(told));
        Money? at = opening == "?" ? null : Money.Czk(decimal.Parse(opening, System.Globalization.CultureInfo.InvariantCulture));
        List<StatementItem> items = [new StatementOpened(own, Currency.Czk, null, at, Given.Day("2026-02-19"))];
        var ordinal = 0;
        foreach (var entry in entries)
        {
            var (text, reference) = entry.Split('#') is [var plain, var tag] ? (plain, tag) : (entry, null);
            var (amount, isPart) = (text.Split('+')[0], text.Contains('+', StringComparison.Ordinal));
            ordinal = !isPart ? 0 : text.EndsWith('+') ? ordinal + 1 : text[^1] - '0';
            var signed = Money.Czk(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));
            items.Add(new StatementEntryRead(new StatementEntry(
                own, isPart ? null : reference, signed.Abs, signed.IsNegative ? EntryDirection.Debit : EntryDirection.Credit, IsReversal: false, Given.Day("2026-02-20"),
                Given.Day("2026-02-20"), null, null, null, null, null, null, null, "record 1"))
            {
                Facts = EntryFacts.None with { BalanceBefore = at, Batch = isPart ? new BatchPart(reference, 2, ordinal) : null },
            });
            at += signed;
        }

        items.Add(new StatementClosed(own, at, Given.Day("2026-02-20")) { Balance = at is null ? BalanceVerdict.NotStated : BalanceVerdict.Proven, Entries = entries.Length });
        var import = new StatementImport(
            new ImportId(Guid.NewGuid()), "told", format, Actor.System("clerk"), DateTimeOffset.UnixEpoch, null, ImportStatus.Reading, ImportCounts.None, [], null);
        return await store.Stage(import, Items(items), CancellationToken.None);
    }

    private static async IAsyncEnumerable<StatementItem> Items(IEnumerable<StatementItem> items)
    {
        await Task.Yield();
        foreach (var item in items) yield return item;
    }
}
