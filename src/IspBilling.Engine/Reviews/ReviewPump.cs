using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Reviews;

/// <summary>An account of which something falls due, and since when.</summary>
/// <param name="On">The day it is to be reviewed; may have passed.</param>
public readonly record struct DueReview(DateOnly On, AccountId Account);

/// <summary>Accounts of which something falls due.</summary>
public interface IReviewStore
{
    /// <summary>Accounts to review on or before a day, the longest due first and then by id, after a cursor.</summary>
    /// <param name="after">The last one of the page before; the default value begins.</param>
    ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation);
}

/// <param name="Reviewed">Accounts asked.</param>
/// <param name="Steps">Accounts on which a dunning step was taken.</param>
/// <param name="Failed">Parked, or out of reach: still due, so the next review asks them again.</param>
public sealed record ReviewSummary(long Reviewed, long Steps, long Cleared, long Failed)
{
    public static readonly ReviewSummary None = new(0, 0, 0, 0);
}

/// <summary>Wakes every account whose review date has come. Run twice on a day, the second run finds nothing to do.</summary>
public sealed class ReviewPump(IAccounts accounts, IReviewStore store, LiveContext contexts)
{
    private const int PageSize = 1_024;

    /// <summary>While the first commits, the next decide and are loaded.</summary>
    private const int PagesInFlight = 4;

    /// <exception cref="Exception">Not one account of a page could be asked: the database is away. The rest stays due.</exception>
    public async Task<ReviewSummary> RunDay(CancellationToken cancellation)
    {
        var today = contexts.Today;
        var summary = ReviewSummary.None;
        var inFlight = new Queue<Task<ReviewSummary>>(PagesInFlight);
        var after = default(DueReview);
        try
        {
            while (true)
            {
                var due = await store.DueAfter(today, after, PageSize, cancellation);
                if (due.Count > 0)
                {
                    after = due[^1];
                    inFlight.Enqueue(ReviewPage(due, today, cancellation));
                }

                while (inFlight.Count > (due.Count > 0 ? PagesInFlight - 1 : 0))
                {
                    summary = Sum(summary, await inFlight.Peek());
                    _ = inFlight.Dequeue();
                }

                if (due.Count == 0) return summary;
            }
        }
        finally
        {
            // Whoever was asked is answered before the review ends, however it ends.
            await ((Task)Task.WhenAll(inFlight)).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ReviewSummary> ReviewPage(IReadOnlyList<DueReview> due, DateOnly today, CancellationToken cancellation)
    {
        var summary = ReviewSummary.None;
        Exception? outOfReach = null;
        foreach (var review in due.Select(review => Ask(review.Account, today, cancellation)).ToList())
        {
            try
            {
                summary = Counted(summary, await review);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One account that cannot be read holds up nobody else.
                outOfReach = failure;
                summary = summary with { Reviewed = summary.Reviewed + 1, Failed = summary.Failed + 1 };
            }
        }

        if (outOfReach is not null && summary.Failed == due.Count) throw new InvalidOperationException("no account of a page could be reviewed", outOfReach);
        return summary;
    }

    /// <summary>The question that wakes an account; asked twice on a day, it is answered once.</summary>
    public static Envelope Question(AccountId account, DateOnly today)
    {
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new Envelope(CommandIds.Derive("review", $"{account}/{day}"), new Review(), new Actor(ActorKind.Reminder, day, "review"), Bulk: true);
    }

    private async Task<AccountReply> Ask(AccountId account, DateOnly today, CancellationToken cancellation) =>
        await accounts.Ask(account, Question(account, today), cancellation);

    private static ReviewSummary Counted(ReviewSummary sum, AccountReply reply) => reply is Reviewed reviewed
        ? sum with { Reviewed = sum.Reviewed + 1, Steps = sum.Steps + (reviewed.Step is null ? 0 : 1), Cleared = sum.Cleared + (reviewed.Cleared ? 1 : 0) }
        : sum with { Reviewed = sum.Reviewed + 1, Failed = sum.Failed + 1 };

    private static ReviewSummary Sum(ReviewSummary one, ReviewSummary other) => new(
        one.Reviewed + other.Reviewed, one.Steps + other.Steps, one.Cleared + other.Cleared, one.Failed + other.Failed);
}
