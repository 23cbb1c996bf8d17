namespace IspBilling.Domain;

/// <summary>FNV-1a, 64 bits, of values in their order: it detects change but does not resist an adversary. Values of it are stored.</summary>
internal struct Fingerprint
{
    private const ulong Prime = 1_099_511_628_211UL;

    private ulong _hash = 14_695_981_039_346_656_037UL;

    public Fingerprint()
    {
    }

    public readonly ulong Value => _hash;

    public void Mix(long value)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            _hash ^= (ulong)(value >> shift) & 0xFF;
            _hash *= Prime;
        }
    }

    public void Mix(string text)
    {
        foreach (var letter in text) Mix(letter);
    }
}
