namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Whose an entry may be that no rule is asked about: one that looks like another, one of which a later file tells more, and one that came back to
/// suspense through a clerk's hands. The rules name the candidates all the same; they book nothing.
/// </summary>
internal sealed class Proposals(IStatementImportStore store)
{
    private const int PageSize = 1_024;

    /// <summary>Stores candidates for entries of an import that look like known ones, and for what it told more of.</summary>
    public async Task After(ImportId import, CancellationToken cancellation)
    {
        for (long after = 0; ;)
        {
            var entries = await store.UnrankedAfter(import, after, PageSize, cancellation);
            if (entries.Count > 0)
            {
                var ranked = await Ranked(entries, cancellation);
                await store.Reconsider(ranked, cancellation);
            }

            if (entries.Count < PageSize) return;
            after = entries[^1].Id;
        }
    }

    /// <summary>Stores candidates, ranked by what is so now, for an entry that was opened again.</summary>
    public async Task For(EntryView view, CancellationToken cancellation) => await store.Propose(await Of([view.ToStored()], cancellation), cancellation);

    /// <summary>Ranked, by the id of the entry; for each of the entries, be it none.</summary>
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<Candidate>>> Of(IReadOnlyList<StoredEntry> entries, CancellationToken cancellation) =>
        (await Ranked(entries, cancellation)).ToDictionary(outcome => outcome.Entry, outcome => outcome.Candidates);

    /// <summary>As they wait: for whom they may be, and why no rule books them.</summary>
    private async Task<List<EntryOutcome>> Ranked(IReadOnlyList<StoredEntry> entries, CancellationToken cancellation)
    {
        var page = await ImportPage.Of(store, entries, cancellation);
        var known = await Known.Now(store, page, cancellation);
        return await ForPeople.Prepare(store, entries, [.. entries.Select(stored => Undecided(stored, page, known))], cancellation);
    }

    /// <summary>As the rules see an entry that they may not book.</summary>
    public static EntryOutcome Undecided(StoredEntry stored, ImportPage page, Known known)
    {
        // In a wave of its own an entry waits for no other.
        var wave = new Wave(page, known);
        wave.TryAdd(stored);
        return wave.Addressed is [var addressed] ? Wave.Suspended(stored, addressed.Candidate.Why, [addressed.Candidate]) : wave.Outcomes[0] with { State = EntryState.Suspense };
    }
}
