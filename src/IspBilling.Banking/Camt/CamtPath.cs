namespace IspBilling.Banking.Camt;

/// <summary>A place in a camt document: its element's children by name, and what its text means.</summary>
internal sealed class CamtPath
{
    private readonly Dictionary<string, CamtPath> _children = [];

    private CamtPath()
    {
    }

    public CamtField Field { get; private set; }

    /// <summary>Null for elements that nothing here reads; they are skipped with all that they hold.</summary>
    public CamtPath? Child(string name) => _children.GetValueOrDefault(name);

    public static CamtPath Document(ReadOnlySpan<(string Path, CamtField Field)> places)
    {
        var root = new CamtPath();
        foreach (var (path, field) in places)
        {
            var node = root;
            foreach (var name in path.Split('/'))
            {
                if (!node._children.TryGetValue(name, out var child)) node._children.Add(name, child = new CamtPath());
                node = child;
            }

            node.Field = field;
        }

        return root;
    }
}
