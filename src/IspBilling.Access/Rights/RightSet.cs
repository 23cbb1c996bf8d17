using System.Collections;
using System.Runtime.CompilerServices;

namespace IspBilling.Access.Rights;

/// <summary>Rights as bits: asking whether one is among them costs nothing.</summary>
[CollectionBuilder(typeof(RightSet), nameof(Of))]
public readonly record struct RightSet : IReadOnlyCollection<Right>
{
    private readonly uint _bits;

    private RightSet(uint bits) => _bits = bits;

    public static RightSet None { get; }

    public static RightSet All { get; } = Of(Enum.GetValues<Right>());

    public int Count => System.Numerics.BitOperations.PopCount(_bits);

    public bool IsEmpty => _bits == 0;

    public static RightSet Of(params ReadOnlySpan<Right> rights)
    {
        var bits = 0u;
        foreach (var right in rights) bits |= Bit(right);
        return new RightSet(bits);
    }

    public bool Has(Right right) => (_bits & Bit(right)) != 0;

    /// <summary>Whether every one of the others is among these.</summary>
    public bool Covers(RightSet others) => (others._bits & ~_bits) == 0;

    public RightSet And(RightSet others) => new(_bits | others._bits);

    public RightSet Without(RightSet others) => new(_bits & ~others._bits);

    public IEnumerator<Right> GetEnumerator()
    {
        foreach (var right in Enum.GetValues<Right>())
        {
            if (Has(right)) yield return right;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", this.Select(RightNames.Of));

    private static uint Bit(Right right) => 1u << (int)right;
}
