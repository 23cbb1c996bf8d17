using System.Collections;
using System.Runtime.CompilerServices;

namespace IspBilling.Domain;

/// <summary>
/// A list that equals another when their elements do, in order. Immutable arrays compare by identity, so that a record that has one would have to
/// write its equality by hand, and to remember each member it gets later.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Of))]
public readonly struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    /// <summary>Null in the default value, which is the empty list.</summary>
    private readonly T[]? _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    public int Count => AsSpan().Length;

    public T this[int index] => AsSpan()[index];

    public ReadOnlySpan<T> AsSpan() => _items;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ValueList<T> other) => AsSpan().SequenceEqual(other.AsSpan(), comparer: null);

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in AsSpan()) hash.Add(item);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", this)}]";

    public static bool operator ==(ValueList<T> one, ValueList<T> other) => one.Equals(other);

    public static bool operator !=(ValueList<T> one, ValueList<T> other) => !one.Equals(other);
}

public static class ValueList
{
    public static ValueList<T> Of<T>(ReadOnlySpan<T> items) => new(items);
}
