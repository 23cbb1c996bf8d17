using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// Looks at suspense again: a symbol, a document or a payment that an entry was waiting for may be there by now, or no longer. Whoever decided what
/// about it, as long as it waits its candidates are those of now. Only what is free is booked, and by the rules of an import: what came to be after
/// the money did books nothing and is told to the clerk. What an account refuses stays for a person.
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
        var waiting = await store.WaitingAfter(_after, PageSize, cancellation);
        _after = waiting.Count == PageSize ? waiting[^1].Stored.Id : 0;
        if (waiting.Count == 0) return 0;
        var page = await ImportPage.Of(store, [.. waiting.Select(entry => entry.Stored)], cancellation);
        var known = await Known.Now(store, page, cancellation);
        var (booked, stay) = (0, new List<EntryOutcome>());
        foreach (var (stored, isFree) in waiting)
        {
            if (!isFree)
            {
                stay.Add(Proposals.Undecided(stored, page, known));
                continue;
            }

            // Each in a wave of its own, so that what the one before it did is not taken for granted.
            var wave = new Wave(page, known);
            if (!wave.TryAdd(stored)) continue;
            stay.AddRange(wave.Outcomes.Where(outcome => outcome.State == EntryState.Suspense));
            if (wave.Addressed is not [var addressed]) continue;
            if (await store.FindEntry(stored.Id, cancellation) is not { State: EntryState.Suspense } view) continue;
            if (await desk.Settle(view, addressed.Candidate, By, cancellation) is not EntryAssigned) continue;
            booked++;
            known = await Known.Now(store, page, cancellation);
        }

        await store.Reconsider(await ForPeople.Prepare(store, page.Entries, stay, cancellation), cancellation);
        return booked;
    }
}
