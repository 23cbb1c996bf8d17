using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;

namespace IspBilling.Cluster.Tests.Grains;

public sealed class ReviewTests
{
    private static readonly DateOnly LastMonth = new DateOnly(ProviderCluster.Today.Year, ProviderCluster.Today.Month, 1).AddMonths(-1);

    [Fact]
    public async Task Missed_reviews_are_caught_up_once_and_give_the_account_its_reminder()
    {
        var passed = new ReviewHours(new TimeOnly(0, 0), new TimeOnly(0, 0, 1));
        // Billed on the sixth: the first reminder is due, and the second is still to come.
        await using var provider = await ProviderCluster.Start(40, LastMonth, passed, BillAll, LastMonth.AddDays(5));

        await ProviderCluster.Until(async () => await Steps(provider) == 40 ? "all" : null);
        await Task.WhenAll(provider.Clients.Select(client => provider.Accounts.Ask(client, Engine.Reviews.ReviewPump.Question(client, ProviderCluster.Today), CancellationToken.None).AsTask()));

        Assert.Equal(40, await Steps(provider));
        // Registered behind the turn, in batches.
        await ProviderCluster.Until(async () => await provider.Database.Scalar<long>("SELECT count(*) FROM cluster_reminders") == 40 ? "all" : null);
        Assert.Empty(await provider.Findings());

        static async Task BillAll(IAccounts accounts, IReadOnlyList<AccountId> clients)
        {
            foreach (var client in clients)
                await accounts.Ask(client, new Envelope(new CommandId(Guid.NewGuid()), new Bill(LastMonth, null, false), Actor.System("test")), CancellationToken.None);
        }
    }

    private static Task<long> Steps(ProviderCluster provider) => provider.Database.Scalar<long>("SELECT count(*) FROM journal WHERE name = 'dunning-step-taken.v1'");
}
