using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Benchmarks.Tests;

/// <summary>
/// How many objects an account of a billing run consists of while it is in hand. Eight thousand are at once, and each garbage
/// collection stops everybody for as long as it takes to walk through them all. The bounds are what was counted when they were set.
/// </summary>
public sealed class ObjectTests
{
    private readonly SeasonedAccount _account = new();
    private readonly SeasonedAccount _newcomer = new(services: 3, months: 0);

    [Fact]
    public void A_household_billed_for_a_year_waits_for_its_flight_with_no_more_objects_than_recorded() => MustWaitWithAtMost(143, _account);

    [Fact]
    public void A_newcomer_waits_for_its_flight_with_no_more_objects_than_recorded() => MustWaitWithAtMost(53, _newcomer);

    [Fact]
    public void A_commit_in_the_air_is_three_objects_however_long_the_account_has_lived()
    {
        var envelope = new Envelope(default, _account.NextBill, Actor.System("benchmark"), Bulk: true);
        var now = new Moment(default, _account.Context);
        var head = new JournalHead(_account.State.Version, [1]);
        var basis = new CommitBasis(_account.State.Id, envelope, now, head, StateSnapshot.Write(_account.State).ToArray(), AccountDecider.Decide);

        MustHoldAtMost(3, basis, _account, _account.NextBill, envelope.By);
    }

    private static void MustWaitWithAtMost(int objects, SeasonedAccount account)
    {
        var commit = account.NextCommit();
        // Who asks is one object for all accounts of a run.
        MustHoldAtMost(objects, commit, account, commit.By);
    }

    private static void MustHoldAtMost(int objects, object root, SeasonedAccount account, params object[] shared)
    {
        var graph = ObjectGraph.Of(root, [account.Context, .. shared]);
        Assert.True(graph.Count <= objects, $"{graph.Count} objects, {objects} allowed: {graph}");
    }
}
