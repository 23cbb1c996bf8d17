using IspBilling.Domain;
using IspBilling.Engine.Reviews;

namespace IspBilling.Simulation.Storage;

public sealed class MemoryReviewStore(Books books) : IReviewStore
{
    public ValueTask<IReadOnlyList<AccountId>> DueAfter(DateOnly today, AccountId after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<AccountId>>(
            [.. books.AccountsAfter(after).Where(row => row.NextReviewOn <= today).Select(row => row.Id).Take(max)]);
}
