using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Statements;

/// <summary>Statements and their entries as people look at them: clients by reference, also in what an entry says of them.</summary>
public sealed class StatementViews(
    IStatementImportStore store, StatementImportReading reading, TotalsByCurrency totals, ClientDirectory directory, LiveContext contexts)
{
    public async Task<ImportView> Of(StatementImport import, CancellationToken cancellation) => (await Of([import], cancellation))[0];

    /// <summary>The youngest first.</summary>
    /// <param name="before">Only imports older than this one; null for the first page.</param>
    public async Task<IReadOnlyList<ImportView>> List(ImportId? before, int max, CancellationToken cancellation) =>
        await Of(await reading.List(before, max, cancellation), cancellation);

    /// <summary>What a file brought, in file order; null when there is no such import.</summary>
    public async Task<IReadOnlyList<EntryRow>?> Entries(ImportId import, EntryState? state, long after, int max, CancellationToken cancellation) =>
        await store.Find(import, cancellation) is null
            ? null
            : await Rows(await reading.Entries(import, state, after, max, cancellation), cancellation);

    public async Task<IReadOnlyList<EntryRow>> Suspense(long after, int max, CancellationToken cancellation) =>
        await Rows(await reading.Suspense(after, max, cancellation), cancellation);

    /// <summary>Null when there is no such entry.</summary>
    public async Task<EntryDetail?> Entry(long id, CancellationToken cancellation)
    {
        if (await store.FindEntry(id, cancellation) is not { } entry) return null;
        var parts = await store.PartsOf(id, cancellation);
        var names = await directory.ReferencesOf([.. parts.Select(part => part.Account).Distinct()], cancellation);
        var decisions = await reading.Decisions(id, cancellation);
        return new EntryDetail(
            (await Rows([entry], cancellation))[0],
            [.. parts.Select(part => new EntryPartView(names[part.Account], part.Amount, part.Stated, part.Payment))],
            [.. decisions.Select(decision => new EntryDecisionView(decision.At, decision.By, decision.Action, decision.Reason))]);
    }

    private async Task<IReadOnlyList<ImportView>> Of(IReadOnlyList<StatementImport> imports, CancellationToken cancellation)
    {
        var currency = contexts.Settings.OnlyCurrency();
        var sums = currency is null ? await totals.OfStatements([.. imports.Select(import => import.Id)], cancellation) : null;
        return [.. imports.Select(import => View(import, currency, sums?[import.Id] ?? []))];
    }

    /// <param name="sums">By currency, where issuers have several.</param>
    private static ImportView View(StatementImport import, Currency? currency, IEnumerable<Money> sums)
    {
        MoneyTotal? total = currency is { } one ? new MoneyTotal(import.Counts.MatchedMinor, one) : null;
        return new ImportView(
            import.Id.Value, import.FileName, import.Format, import.Status, import.RequestedBy, import.StartedAt, import.FinishedAt,
            import.Counts.Read, import.Counts.AlreadyKnown, import.Counts.Matched, import.Counts.Suspense, import.Counts.Rejected,
            total, total is { } whole ? [whole] : MoneyTotal.ByCurrency(sums.Select(MoneyTotal.Of)), import.Warnings, import.Refusal);
    }

    private async Task<IReadOnlyList<EntryRow>> Rows(IReadOnlyList<EntryView> entries, CancellationToken cancellation)
    {
        var accounts = entries.Select(entry => entry.Account).OfType<AccountId>()
            .Concat(entries.SelectMany(entry => entry.Candidates).Select(candidate => candidate.Account))
            .Concat(entries.SelectMany(entry => AccountsInText.In(entry.Reason)));
        var names = await directory.ReferencesOf([.. accounts.Distinct()], cancellation);
        return [.. entries.Select(entry => Row(entry, names))];
    }

    private static EntryRow Row(EntryView view, IReadOnlyDictionary<AccountId, string> names)
    {
        var entry = view.Entry;
        return new EntryRow(
            view.Id, view.Import.Value, view.State, entry.BookedOn, entry.ValueOn, entry.Direction, entry.IsReversal, entry.Amount,
            entry.OwnAccount, entry.CounterAccount, entry.CounterName, entry.VariableSymbol?.ToString(), entry.ConstantSymbol, entry.SpecificSymbol,
            entry.Message, view.Account is { } account ? names[account] : null, view.Rule, AccountsInText.Named(ReasonOf(view), names),
            [.. view.Candidates.Select(candidate => new CandidateView(names[candidate.Account], candidate.Rule, candidate.Why))], view.AssignedBy,
            view.Receiver.Issuer?.Value, view.IsInDoubt, view.LooksLike, view.Hold, view.OtherTexts, view.Fee, view.ClosedWith, view.MayBe);
    }

    /// <summary>What came first has a reason of its own; what came later and looks like it is told beside it.</summary>
    private static string? ReasonOf(EntryView view)
    {
        if (view.IsDoubtful || !view.IsInDoubt) return view.Reason;
        var others = $"it may be the same money as {(view.MayBe.Count == 1 ? "entry" : "entries")} {string.Join(", ", view.MayBe)}";
        return view.Reason is null ? others : $"{view.Reason}; {others}";
    }
}
