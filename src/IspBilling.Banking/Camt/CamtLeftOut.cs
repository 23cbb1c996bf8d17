using System.Globalization;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Entries of a statement that are not handed over, counted by why.</summary>
internal sealed class CamtLeftOut
{
    /// <summary>The standard has four statuses; a file that invents more is counted under the first of them.</summary>
    private const int ReasonsMax = 8;
    private const int ReasonLengthMax = 20;

    private readonly List<LeftOut> _counts = [];

    public IReadOnlyList<LeftOut> Counts => [.. _counts];

    /// <summary>Null where nothing was left out.</summary>
    public string? Warning => _counts.Count == 0
        ? null
        : $"entries that moved no money yet, or that the statement brings, are left out: {string.Join(", ", _counts.Select(Shown))}";

    public void Add(string why)
    {
        if (why.Length > ReasonLengthMax) why = why[..ReasonLengthMax];
        var at = _counts.FindIndex(left => left.Why == why);
        if (at < 0 && _counts.Count < ReasonsMax) _counts.Add(new LeftOut(why, 1));
        else _counts[Math.Max(at, 0)] = _counts[Math.Max(at, 0)] with { Count = _counts[Math.Max(at, 0)].Count + 1 };
    }

    private static string Shown(LeftOut left) => string.Create(CultureInfo.InvariantCulture, $"{left.Count} {left.Why}");
}
