using System.Buffers.Binary;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Simulation.Running;

/// <summary>
/// All chance of a simulation comes from here (SplitMix64), so that one seed decides everything. Not <see cref="Random"/>: its
/// sequence may change with the runtime, and then a seed that found a bug would no longer find it.
/// </summary>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15UL;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to <paramref name="exclusive"/> − 1.</summary>
    public int Below(int exclusive)
    {
        Invariant.Require(exclusive > 0);
        return (int)(Next() % (uint)exclusive);
    }

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both possible.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Chance(double probability) => probability > 0 && (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public IReadOnlyList<T> Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToList();
        for (var i = shuffled.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Next());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Next());
        return new Guid(bytes);
    }

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Next();
    }

    public Envelope Envelope(AccountCommand command, Actor by) => new(new CommandId(NewGuid()), command, by);

    /// <summary>Dice of its own for one part of the simulation, so that a change in one part leaves the others as they were.</summary>
    public Dice Split() => new(Next());
}
