using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Looks at suspense again: a symbol, a document or a payment that an entry was waiting for may be there by now. Only what no clerk has
/// decided about yet, and by the rules of an import: what came to be after the money did books nothing and is told to the clerk. What an
/// account refuses stays for a person.
/// </summary>
public sealed class SuspenseReview(IStatementImportStore store, ClerkDesk desk)
{
    /// <summary>In whose name entries are booked.</summary>
    public static readonly Actor By = Actor.System("suspense review");

    private const int PageSize = 1_024;

    private long _after;

    /// <summary>Looks at one page, behind the one before; after the last it begins anew.</summary>
    /// <returns>How many entries were booked.</returns>
    public async Task<int> Look(CancellationToken cancellation)
    {
        var page = await ImportPage.Of(store, await store.UndecidedAfter(_after, PageSize, cancellation), cancellation);
        _after = page.Entries.Count == PageSize ? page.Entries[^1].Id : 0;
        if (page.Entries.Count == 0) return 0;
        var known = await Known.Now(store, page, cancellation);
        var (booked, waiting) = (0, new List<EntryOutcome>());
        foreach (var stored in page.Entries)
        {
            // Each in a wave of its own, so that what the one before it did is not taken for granted.
            var wave = new Wave(page, known);
            if (!wave.TryAdd(stored)) continue;
            waiting.AddRange(wave.Outcomes.Where(outcome => outcome.State == EntryState.Suspense));
            if (wave.Addressed is not [var addressed]) continue;
            if (await store.FindEntry(stored.Id, cancellation) is not { State: EntryState.Suspense } view) continue;
            if (await desk.Settle(view, addressed.Candidate, By, cancellation) is not EntryAssigned) continue;
            booked++;
            known = await Known.Now(store, page, cancellation);
        }

        await store.Reconsider(await ForPeople.Prepare(store, page.Entries, waiting, cancellation), cancellation);
        return booked;
    }
}
