namespace IspBilling.Simulation.Running;

/// <summary>What happened, line by line: the last lines for a person, a hash of all of them for comparing two runs of one seed.</summary>
public sealed class Trace(SimulatedClock clock)
{
    private const int Kept = 40;
    private readonly Queue<string> _last = new(Kept + 1);

    /// <summary>FNV-1a over all lines.</summary>
    public ulong Hash { get; private set; } = 14_695_981_039_346_656_037UL;

    /// <summary>Is told every line; for a person who looks at one seed.</summary>
    public Action<string> Listener { get; init; } = static _ => { };

    public IReadOnlyList<string> Last => [.. _last];

    public void Add(string line)
    {
        var text = $"{clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} {line}";
        foreach (var letter in text)
        {
            Hash ^= letter;
            Hash *= 1_099_511_628_211UL;
        }

        Listener(text);
        _last.Enqueue(text);
        if (_last.Count > Kept) _last.Dequeue();
    }
}
