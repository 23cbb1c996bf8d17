using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>
/// A file may tell again of money that is known, and tell more: the payments of a batch, a symbol that the first file left out. What waits is
/// ranked by it. What is booked or closed stays as it is, but whom the new words name and nobody thought of is told.
/// </summary>
internal sealed class LaterTellings(IStatementImportStore store)
{
    private const int PageSize = 1_024;

    public async Task Consider(ImportId import, CancellationToken cancellation)
    {
        await new Proposals(store).After(import, cancellation);
        for (long after = 0; ;)
        {
            var decided = await store.ToldMoreAfter(import, after, PageSize, cancellation);
            if (decided.Count > 0) await Flag(import, decided, cancellation);
            if (decided.Count < PageSize) return;
            after = decided[^1].Id;
        }
    }

    private async Task Flag(ImportId import, IReadOnlyList<EntryView> decided, CancellationToken cancellation)
    {
        var page = await ImportPage.Of(store, [.. decided.Select(view => view.ToStored())], cancellation);
        foreach (var (view, stored) in decided.Zip(page.Entries))
        {
            HashSet<AccountId> booked = [.. (await store.PartsOf(view.Id, cancellation)).Select(part => part.Account)];
            if (view.Account is { } account) booked.Add(account);
            List<Candidate> others =
            [
                .. page.Mentioned(stored, (kind, named) => kind == MentionKind.Labelled && !booked.Contains(named)),
                .. page.SuggestedByText(stored, (kind, named) => kind == MentionKind.Labelled && !booked.Contains(named)),
            ];
            if (others.Count > 0) await store.Flag(import, view.Id, Why(view, others), cancellation);
        }
    }

    private static string Why(EntryView view, List<Candidate> others)
    {
        var named = string.Join(", ", others.Select(other => string.Create(CultureInfo.InvariantCulture, $"account {other.Account} ({other.Why})")));
        return view.State == EntryState.Matched
            ? $"another statement told later whose it is, and names {named}, which it is not booked on"
            : $"another statement told later whose it is, and names {named}";
    }
}
