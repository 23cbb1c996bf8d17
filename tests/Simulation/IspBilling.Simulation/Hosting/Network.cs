using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Hosting;

/// <summary>
/// The network between nodes. When it is cut between two of them, calls are lost in both directions; after a while each notices, takes the
/// other for dead and goes on without it, until the network heals.
/// </summary>
public sealed class Network(Loop loop, Dice dice, Weather weather, Trace trace)
{
    private const double NoticeRate = 0.05;
    private const double HealRate = 0.01;
    private readonly List<Cut> _cuts = [];

    private sealed class Cut(Node one, Node other)
    {
        public bool IsNoticed { get; set; }

        public bool HasDeadEnd => !one.IsAlive || !other.IsAlive;

        public bool IsBetween(Node a, Node b) => (one == a && other == b) || (one == b && other == a);

        public override string ToString() => $"{one.Place} and {other.Place}";
    }

    /// <summary>Cuts, notices and heals, as it comes.</summary>
    public void Weathering(IReadOnlyList<Node> nodes)
    {
        _cuts.RemoveAll(cut => cut.HasDeadEnd || (dice.Chance(HealRate) && Healed(cut)));
        foreach (var cut in _cuts) cut.IsNoticed |= dice.Chance(NoticeRate);
        if (nodes.Count < 2 || !weather.Strikes(weather.Plan.Partitioned)) return;
        var (one, other) = (dice.Pick(nodes), dice.Pick(nodes));
        if (one == other || CutBetween(one, other) is not null) return;
        _cuts.Add(new Cut(one, other));
        trace.Add($"the network is cut between {_cuts[^1]}");
    }

    public void Heal() => _cuts.Clear();

    /// <summary>Whether a node has noticed that it cannot reach another one.</summary>
    public bool TakesForDead(Node from, Node to) => CutBetween(from, to) is { IsNoticed: true };

    /// <summary>A call from node to node.</summary>
    /// <exception cref="UnreachableException">It was lost on the way there, or its answer on the way back.</exception>
    public async Task<T> Call<T>(Node from, Node to, Func<Task<T>> call)
    {
        from.RequireAlive();
        if (from != to) await loop.Wait();
        RequireWay(from, to);
        to.RequireAlive();
        var answer = await call();
        RequireWay(from, to);
        from.RequireAlive();
        return answer;
    }

    private void RequireWay(Node from, Node to)
    {
        if (CutBetween(from, to) is null) return;
        weather.Counts.Fired(Fault.Partitioned);
        throw new UnreachableException(Fault.Partitioned);
    }

    private Cut? CutBetween(Node from, Node to) => _cuts.Find(cut => cut.IsBetween(from, to));

    private bool Healed(Cut cut)
    {
        trace.Add($"the network heals between {cut}");
        return true;
    }
}
