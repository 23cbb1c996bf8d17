using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;

namespace IspBilling.Cluster.Tests.Grains;

public sealed class ReviewTests
{
    private static readonly DateOnly LastMonth = new DateOnly(ProviderCluster.Today.Year, ProviderCluster.Today.Month, 1).AddMonths(-1);

    [Fact]
    public async Task A_reminder_bills_a_period_without_anybody_pressing_a_button()
    {
        var turn = new TimeOnly(8, 5);
        await using var provider = await ProviderCluster.Start(1, LastMonth, new ReviewHours(turn, turn.Add(TimeSpan.FromSeconds(2)), Bills: true));
        var client = provider.Clients[0];

        // A client that the cluster itself takes in has its reminder from the first command on.
        var fresh = await Join(provider, client);
        await ProviderCluster.Until(async () =>
        {
            provider.Clock.Advance(TimeSpan.FromSeconds(5));
            return await Documents(provider, fresh) > 0 ? "billed" : null;
        });

        // So early, nobody looks for a reminder that was missed.
        Assert.InRange(TimeOnly.FromDateTime(provider.Clock.GetUtcNow().UtcDateTime), turn, turn.AddMinutes(5));
        Assert.Equal(1, await provider.Database.Scalar<long>($"SELECT count(*) FROM cluster_reminders"));
        Assert.Empty(await provider.Findings());
    }

    [Fact]
    public async Task Missed_reviews_are_caught_up_once_and_give_the_account_its_reminder()
    {
        var passed = new ReviewHours(new TimeOnly(0, 0), new TimeOnly(0, 0, 1), Bills: false);
        await using var provider = await ProviderCluster.Start(40, LastMonth, passed, BillAll, LastMonth);

        await ProviderCluster.Until(async () => await Steps(provider) == 40 ? "all" : null);
        await Task.WhenAll(provider.Clients.Select(client => provider.Accounts.Ask(client, Engine.Reviews.ReviewPump.Question(client, ProviderCluster.Today), CancellationToken.None).AsTask()));

        Assert.Equal(40, await Steps(provider));
        Assert.Equal(40, await provider.Database.Scalar<long>("SELECT count(*) FROM cluster_reminders"));
        Assert.Empty(await provider.Findings());

        static async Task BillAll(IAccounts accounts, IReadOnlyList<AccountId> clients)
        {
            foreach (var client in clients)
                await accounts.Ask(client, new Envelope(new CommandId(Guid.NewGuid()), new Bill(LastMonth, null, false), "test"), CancellationToken.None);
        }
    }

    [Fact]
    public async Task An_account_from_a_single_machine_that_has_nothing_to_review_bills_itself_all_the_same()
    {
        var passed = new ReviewHours(new TimeOnly(0, 0), new TimeOnly(0, 0, 1), Bills: true);
        await using var provider = await ProviderCluster.Start(40, LastMonth, passed);

        await ProviderCluster.Until(async () => await Billed(provider) == 40 ? "all" : null);

        Assert.Equal(40, await provider.Database.Scalar<long>("SELECT count(*) FROM cluster_reminders"));
        Assert.Empty(await provider.Findings());
    }

    private static Task<long> Billed(ProviderCluster provider) => provider.Database.Scalar<long>("SELECT count(DISTINCT account_id) FROM documents");

    private static Task<long> Steps(ProviderCluster provider) => provider.Database.Scalar<long>("SELECT count(*) FROM journal WHERE name = 'dunning-step-taken.v1'");

    private static Task<long> Documents(ProviderCluster provider, AccountId account) =>
        provider.Database.Scalar<long>($"SELECT count(*) FROM documents WHERE account_id = {account.Value}");

    /// <summary>The particulars and services of another client, under an id that no account has yet.</summary>
    private static async Task<AccountId> Join(ProviderCluster provider, AccountId like)
    {
        var ids = await new Postgres.Settings.ClientDirectory(provider.Database.Source).GetOrCreateMany(["late-comer"], CancellationToken.None);
        var made = Demo.DemoClients.Generate(new Demo.DemoPopulation(1, Seed: 7, LastMonth, Plain: true)).Single();
        Assert.NotEqual(like, ids[0]);
        foreach (var command in made.Commands)
            Assert.IsType<Done>(await provider.Accounts.Ask(ids[0], new Envelope(new CommandId(Guid.NewGuid()), command, "test"), CancellationToken.None));
        return ids[0];
    }
}
