using System.Buffers.Binary;
using System.Text;

namespace IspBilling.Documents.Tests.Support;

/// <summary>Which characters a TrueType or OpenType file has a glyph for, read from its table <c>cmap</c> (formats 4 and 12).</summary>
internal static class FontFile
{
    public static HashSet<int> Characters(string path)
    {
        var font = File.ReadAllBytes(path).AsSpan();
        var tables = U16(font[4..]);
        for (var i = 0; i < tables; i++)
        {
            var record = font[(12 + (16 * i))..];
            if (Encoding.ASCII.GetString(record[..4]) == "cmap") return OfTable(font[(int)U32(record[8..])..]);
        }

        throw new FormatException($"{path} has no table cmap.");
    }

    private static HashSet<int> OfTable(ReadOnlySpan<byte> cmap)
    {
        var characters = new HashSet<int>();
        var encodings = U16(cmap[2..]);
        for (var i = 0; i < encodings; i++)
        {
            var table = cmap[(int)U32(cmap[(8 + (8 * i))..])..];
            if (U16(table) == 4) AddSegments(table, characters);
            else if (U16(table) == 12) AddGroups(table, characters);
        }

        return characters;
    }

    private static void AddSegments(ReadOnlySpan<byte> table, HashSet<int> characters)
    {
        var twice = U16(table[6..]);
        var (ends, starts, deltas, offsets) = (14, 16 + twice, 16 + (2 * twice), 16 + (3 * twice));
        for (var at = 0; at < twice; at += 2)
        {
            int end = U16(table[(ends + at)..]), start = U16(table[(starts + at)..]), offset = U16(table[(offsets + at)..]);
            for (var character = start; character <= end && character < 0xFFFF; character++)
            {
                var glyph = offset == 0 ? character : U16(table[(offsets + at + offset + (2 * (character - start)))..]);
                if (glyph != 0 && ((glyph + U16(table[(deltas + at)..])) & 0xFFFF) != 0) characters.Add(character);
            }
        }
    }

    private static void AddGroups(ReadOnlySpan<byte> table, HashSet<int> characters)
    {
        var groups = (int)U32(table[12..]);
        for (var i = 0; i < groups; i++)
        {
            var group = table[(16 + (12 * i))..];
            for (var character = (int)U32(group); character <= (int)U32(group[4..]); character++) characters.Add(character);
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
