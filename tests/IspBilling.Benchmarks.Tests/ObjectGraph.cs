using System.Reflection;
using System.Runtime.CompilerServices;

namespace IspBilling.Benchmarks.Tests;

/// <summary>The objects that a garbage collector finds from some root, by following every field and element as it does.</summary>
internal sealed class ObjectGraph
{
    private readonly HashSet<object> _found = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> _unvisited = [];

    private ObjectGraph()
    {
    }

    public int Count => _found.Count;

    /// <param name="shared">What these lead to is shared by all accounts, and not counted.</param>
    public static ObjectGraph Of(object root, params object[] shared)
    {
        var graph = new ObjectGraph();
        foreach (var known in shared) graph.Follow(known);
        graph.VisitAll();
        var before = graph._found.ToList();
        graph.Follow(root);
        graph.VisitAll();
        graph._found.ExceptWith(before);
        return graph;
    }

    /// <summary>How many of each type, the most frequent first: what to look at when there are too many.</summary>
    public override string ToString() =>
        string.Join(", ", _found.CountBy(found => found.GetType().Name).OrderByDescending(type => type.Value).Select(type => $"{type.Value} {type.Key}"));

    private void Follow(object? value)
    {
        // Code is shared by everyone, and what has no length is one instance for all.
        if (value is null or MemberInfo or Delegate or Array { Length: 0 } or string { Length: 0 }) return;
        if (_found.Add(value)) _unvisited.Push(value);
    }

    private void VisitAll()
    {
        while (_unvisited.TryPop(out var value)) Visit(value);
    }

    private void Visit(object value)
    {
        if (value is string) return;
        if (value is Array array)
        {
            foreach (var element in array) FollowOrVisit(element, array.GetType().GetElementType()!);
            return;
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.FieldType.IsPointer || field.FieldType == type) continue;
                FollowOrVisit(field.GetValue(value), field.FieldType);
            }
        }
    }

    /// <summary>A value lies inside its owner: it is no object of its own, but may lead to some.</summary>
    private void FollowOrVisit(object? value, Type declared)
    {
        if (!declared.IsValueType) Follow(value);
        else if (value is not null && !declared.IsPrimitive && !declared.IsEnum) Visit(value);
    }
}
