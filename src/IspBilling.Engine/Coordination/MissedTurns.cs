using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// A reminder comes only to a node that is up at the time. Reviews that fell due while no node was up, or on an account that has no reminder
/// because nothing of it was overdue until now, are found by their date. What is due to be billed is found by <see cref="BillingRuns.DailyRuns"/>.
/// </summary>
/// <param name="stillDue">Told of an account that could not be asked, and why.</param>
public sealed class MissedTurns(
    IReviewStore debts, LiveContext contexts, ReviewClock reviews, INodes nodes, Action<AccountId, Exception> stillDue)
{
    private const int PageSize = 1_024;

    /// <summary>A look ends well before a caller's patience. The next look goes on, because whoever was asked is no longer due.</summary>
    private const int PagesPerLook = 8;

    private bool _isLooking;

    /// <summary>Asks every account that is due and whose turn of today has passed.</summary>
    /// <returns>How many were asked; 0 while an earlier look goes on.</returns>
    public async Task<int> CatchUp(CancellationToken cancellation)
    {
        if (_isLooking) return 0;
        _isLooking = true;
        try
        {
            return await AskUnreviewed(cancellation);
        }
        finally
        {
            _isLooking = false;
        }
    }

    private async Task<int> AskUnreviewed(CancellationToken cancellation)
    {
        var (asked, after) = (0, default(DueReview));
        for (var page = 0; page < PagesPerLook; page++)
        {
            var due = await debts.DueAfter(contexts.Today, after, PageSize, cancellation);
            if (due.Count == 0) break;
            after = due[^1];
            asked += await AskAll(due.Where(review => review.On < contexts.Today || reviews.HasPassed(review.Account)).Select(review => review.Account));
        }

        return asked;
    }

    private async Task<int> AskAll(IEnumerable<AccountId> accounts)
    {
        var missed = accounts.ToList();
        await Task.WhenAll(missed.Select(Ask));
        return missed.Count;
    }

    /// <summary>An account that is parked or out of reach holds up nobody else; it stays due.</summary>
    private async Task Ask(AccountId account)
    {
        try
        {
            await nodes.CatchUp(account);
        }
        catch (Exception failure)
        {
            stillDue(account, failure);
        }
    }
}
