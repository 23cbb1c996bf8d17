using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Orleans;

namespace IspBilling.Grains.Reviews;

/// <summary>
/// Orleans ticks when a silo is up at the time and not afterwards. Reviews that fell due while no silo was up, or of an account that has no
/// reminder because nothing of it was overdue until now, are found by their date.
/// </summary>
internal sealed class MissedTurnsGrain(
    IReviewStore debts, LiveContext contexts, ReviewClock reviews, ILogger<MissedTurnsGrain> log)
    : Grain, IMissedTurnsGrain
{
    private const int PageSize = 1_024;

    /// <summary>A look ends well before a caller's patience; the next goes on, because who was asked is no longer due.</summary>
    private const int PagesPerLook = 8;

    private bool _looking;

    public async Task<int> CatchUp()
    {
        if (_looking) return 0;
        _looking = true;
        try
        {
            var asked = await AskUnreviewed();
            if (asked > 0) log.LogInformation("{Count} accounts were asked whose reminder had not come.", asked);
            return asked;
        }
        finally
        {
            _looking = false;
        }
    }

    private async Task<int> AskUnreviewed()
    {
        var (asked, after) = (0, default(DueReview));
        for (var page = 0; page < PagesPerLook; page++)
        {
            var due = await debts.DueAfter(contexts.Today, after, PageSize, CancellationToken.None);
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

    /// <summary>One account that is parked or out of reach holds up nobody else; it stays due.</summary>
    private async Task Ask(AccountId account)
    {
        try
        {
            await GrainFactory.GetGrain<IAccountGrain>(account.Value).CatchUp();
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Account {Account} is still due.", account);
        }
    }
}
