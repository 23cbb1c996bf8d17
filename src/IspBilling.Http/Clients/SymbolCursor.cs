using System.Globalization;

namespace IspBilling.Http.Clients;

/// <summary>Where a page of shared symbols ends. Two issuers may share a symbol, so it takes both.</summary>
internal readonly record struct SymbolCursor(long Symbol, int Issuer) : ISpanParsable<SymbolCursor>, ISpanFormattable
{
    private const char Separator = '/';

    public static bool TryParse(ReadOnlySpan<char> text, IFormatProvider? provider, out SymbolCursor cursor)
    {
        cursor = default;
        var at = text.IndexOf(Separator);
        if (at < 0
            || !long.TryParse(text[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var symbol)
            || !int.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var issuer)) return false;
        cursor = new SymbolCursor(symbol, issuer);
        return true;
    }

    public static bool TryParse(string? text, IFormatProvider? provider, out SymbolCursor cursor) => TryParse(text.AsSpan(), provider, out cursor);

    public static SymbolCursor Parse(ReadOnlySpan<char> text, IFormatProvider? provider) =>
        TryParse(text, provider, out var cursor) ? cursor : throw new FormatException("a symbol and an issuer expected");

    public static SymbolCursor Parse(string text, IFormatProvider? provider) => Parse(text.AsSpan(), provider);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Symbol}{Separator}{Issuer}");

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Symbol}{Separator}{Issuer}", out charsWritten);
}
