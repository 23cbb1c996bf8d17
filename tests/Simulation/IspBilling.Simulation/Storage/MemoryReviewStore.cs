using IspBilling.Domain;
using IspBilling.Engine.Reviews;

namespace IspBilling.Simulation.Storage;

public sealed class MemoryReviewStore(Books books) : IReviewStore
{
    public ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<DueReview>>([.. (
            from row in books.Accounts
            where row.NextReviewOn <= today && (row.NextReviewOn > after.On || (row.NextReviewOn == after.On && row.Id.CompareTo(after.Account) > 0))
            orderby row.NextReviewOn, row.Id
            select new DueReview(row.NextReviewOn!.Value, row.Id)).Take(max)]);
}
