using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Reviews;

/// <summary>Accounts of which something falls due.</summary>
public interface IReviewStore
{
    /// <summary>Accounts to review on or before a day, ordered by id, after a cursor.</summary>
    ValueTask<IReadOnlyList<AccountId>> DueAfter(DateOnly today, AccountId after, int max, CancellationToken cancellation);
}

/// <param name="Steps">Accounts on which a dunning step was taken.</param>
public sealed record ReviewSummary(long Reviewed, long Steps, long Cleared, long Failed);

/// <summary>Wakes every account whose review date has come. Run twice on a day, the second run finds nothing to do.</summary>
public sealed class ReviewPump(IAccounts accounts, IReviewStore store, LiveContext contexts)
{
    private const int PageSize = 2_048;

    public async Task<ReviewSummary> RunDay(CancellationToken cancellation)
    {
        var today = contexts.Today;
        var summary = new ReviewSummary(0, 0, 0, 0);
        var after = default(AccountId);
        while (true)
        {
            var due = await store.DueAfter(today, after, PageSize, cancellation);
            if (due.Count == 0) return summary;
            after = due[^1];
            var replies = await Task.WhenAll(due.Select(account => Ask(account, today, cancellation)));
            summary = replies.Aggregate(summary, Count);
        }
    }

    private Task<AccountReply> Ask(AccountId account, DateOnly today, CancellationToken cancellation) => accounts.Ask(
        account,
        new Envelope(CommandIds.Derive("review", string.Create(CultureInfo.InvariantCulture, $"{account}/{today:yyyy-MM-dd}")), new Review(), "review", Bulk: true),
        cancellation).AsTask();

    private static ReviewSummary Count(ReviewSummary sum, AccountReply reply) => reply is Reviewed reviewed
        ? sum with { Reviewed = sum.Reviewed + 1, Steps = sum.Steps + (reviewed.Step is null ? 0 : 1), Cleared = sum.Cleared + (reviewed.Cleared ? 1 : 0) }
        : sum with { Reviewed = sum.Reviewed + 1, Failed = sum.Failed + 1 };
}
