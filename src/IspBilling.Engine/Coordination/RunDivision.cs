namespace IspBilling.Engine.Coordination;

/// <summary>Into how many shards a run was divided when it began; stored, because a run goes on as it was divided.</summary>
/// <param name="Shards">0 before it is divided; 1 when a single runner works the whole run off.</param>
public sealed record RunDivision(int Shards)
{
    public RunDivision()
        : this(0)
    {
    }

    /// <summary>
    /// A node that is alone has nobody to share with, and works a run off as one stream in the order of ids, with full pages and one save
    /// for outcomes and cursor. Several nodes each work off the shards that live on them.
    /// </summary>
    public static RunDivision Among(int nodes, int shards) => new(nodes > 1 ? shards : 1);
}
