namespace IspBilling.Documents.Invoices;

/// <summary>What makes a document look like its sender's: a name, a colour and, where there is one, a logo.</summary>
public sealed record Brand
{
    /// <summary>Stands in the head where there is no logo.</summary>
    public required string Name { get; init; }

    /// <summary><c>#rrggbb</c>; dark enough to be read on white.</summary>
    public string Colour { get; init; } = "#14506e";

    public Logo? Logo { get; init; }
}

/// <summary>An image file. Scaled to the height of the head, so an SVG is best.</summary>
public sealed record Logo
{
    public const int MaxBytes = 512 * 1024;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary><c>svg</c>, <c>png</c> or <c>jpg</c>, as the bytes show.</summary>
    public string Format { get; }

    /// <exception cref="FormatException">Too large, or neither SVG, PNG nor JPEG.</exception>
    public Logo(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw new FormatException($"A logo of at most {MaxBytes} bytes expected, got {bytes.Length}.");
        Bytes = bytes;
        Format = FormatOf(bytes.Span) ?? throw new FormatException("A logo in SVG, PNG or JPEG expected.");
    }

    private static string? FormatOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return "png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "jpg";
        return bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0 ? "svg" : null;
    }
}
