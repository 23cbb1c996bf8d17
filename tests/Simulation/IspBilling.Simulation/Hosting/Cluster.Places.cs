using IspBilling.Domain;
using IspBilling.Engine.Coordination;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation.Hosting;

/// <summary>Where things live, and processes that die, go and join.</summary>
public sealed partial class Cluster
{
    /// <summary>Where something lives: where it was placed last, as long as the asking node can see that one; else it is placed anew.</summary>
    private Node HomeOf(Node from, string name, Func<IReadOnlyList<Node>, Node> place)
    {
        if (_directory.TryGetValue(name, out var home) && home.IsAlive)
        {
            if (!_network.TakesForDead(from, home)) return home;
            Weather.Counts.Fired(Fault.LivesTwice);
        }

        return _directory[name] = place(SeenBy(from));
    }

    private List<Node> SeenBy(Node from) => _nodes.FindAll(node => !_network.TakesForDead(from, node));

    private static Node HomeOfShard(IReadOnlyList<Node> nodes, int shard) => nodes[ShardHome.Of(shard, [.. nodes.Select(node => node.Key)])];

    private void Forget(Node node, string name)
    {
        if (_directory.GetValueOrDefault(name) == node) _directory.Remove(name);
    }

    private void Crash(int at)
    {
        var dead = _nodes[at];
        if (dead.IsBusy) Weather.Counts.Fired(Fault.Crashed);
        _around.Trace.Add($"process {dead.Place} dies with {dead.Busy().Count} turns under way");
        _nodes[at] = Start(dead.Place);
        dead.Die();
    }

    private void Leave(int at)
    {
        var gone = _nodes[at];
        _around.Trace.Add($"process {gone.Place} goes with {gone.Busy().Count} turns under way");
        _nodes.RemoveAt(at);
        gone.Die();
    }

    private void Join()
    {
        var place = Enumerable.Range(0, MaxNodes).First(free => _nodes.TrueForAll(node => node.Place != free));
        _around.Trace.Add($"process {place} joins");
        _nodes.Add(Start(place));
    }

    private void EvictBusy(Node node)
    {
        var busy = node.Busy();
        if (busy.Count == 0) return;
        var account = Dice.Pick(busy);
        Weather.Counts.Fired(Fault.Evicted);
        _around.Trace.Add($"process {node.Place} lets go of {account} in mid-turn");
        node.Evict(account);
    }
}
