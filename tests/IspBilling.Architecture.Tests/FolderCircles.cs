namespace IspBilling.Architecture.Tests;

/// <summary>Folders of one project that use each other, directly or by way of others.</summary>
internal static class FolderCircles
{
    /// <returns>Every step of every circle, with one use as an example.</returns>
    public static IEnumerable<string> In(string project, IEnumerable<Use> uses)
    {
        var steps = uses.Where(use => use.From.Project == project && use.To.Project == project && use.From.Folder != use.To.Folder).ToList();
        var next = steps.ToLookup(use => use.From.Folder, use => use.To.Folder);
        return
            from use in steps
            group use by (From: use.From.Folder, To: use.To.Folder) into step
            where Reaches(step.Key.To, step.Key.From, next)
            let example = step.OrderBy(use => use.From.Path, StringComparer.Ordinal).ThenBy(use => use.Name, StringComparer.Ordinal).First()
            orderby step.Key.From, step.Key.To
            select $"{project}: {step.Key.From} → {step.Key.To} ({example.Name} in {example.From.Path})";
    }

    private static bool Reaches(string from, string to, ILookup<string, string> next)
    {
        var seen = new HashSet<string> { from };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var folder))
        {
            if (folder == to) return true;
            foreach (var further in next[folder].Where(seen.Add)) open.Enqueue(further);
        }

        return false;
    }
}
