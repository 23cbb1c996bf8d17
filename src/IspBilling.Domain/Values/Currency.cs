namespace IspBilling.Domain;

/// <summary>An ISO 4217 currency by its three-letter code. All currencies billed here have two minor digits.</summary>
public readonly record struct Currency
{
    /// <summary>Three ASCII letters, packed big-endian, so that equality is one integer comparison.</summary>
    private readonly int _packed;

    private Currency(int packed) => _packed = packed;

    public static readonly Currency Czk = Parse("CZK");
    public static readonly Currency Eur = Parse("EUR");

    public const int MinorDigits = 2;
    public const long MinorPerMajor = 100;

    public string Code => string.Create(3, _packed, static (span, packed) =>
    {
        span[0] = (char)((packed >> 16) & 0xFF);
        span[1] = (char)((packed >> 8) & 0xFF);
        span[2] = (char)(packed & 0xFF);
    });

    /// <exception cref="FormatException">The text is not three letters A–Z.</exception>
    public static Currency Parse(ReadOnlySpan<char> code) =>
        TryParse(code, out var currency)
            ? currency
            : throw new FormatException($"'{code}' is not a currency: three letters A–Z expected.");

    public static bool TryParse(ReadOnlySpan<char> code, out Currency currency)
    {
        currency = default;
        if (code.Length != 3) return false;
        var packed = 0;
        foreach (var letter in code)
        {
            if (letter is < 'A' or > 'Z') return false;
            packed = (packed << 8) | letter;
        }

        currency = new Currency(packed);
        return true;
    }

    public override string ToString() => _packed == 0 ? "(none)" : Code;
}
