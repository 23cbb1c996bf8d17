using IspBilling.Domain;

namespace IspBilling.Banking;

/// <summary>What a provider sets once for its banks. The defaults read any supported file.</summary>
public sealed record StatementReaderOptions
{
    public static readonly StatementReaderOptions Default = new();

    /// <summary>The provider's own Czech accounts. GPC names an account without its bank: it is looked up here first.</summary>
    public IReadOnlyCollection<CzechAccount> OwnAccounts { get; init; } = [];

    /// <summary>Bank code of a GPC file's account when neither <see cref="OwnAccounts"/> nor the file names it; null when unknown.</summary>
    public string? OwnBankCode { get; init; }

    /// <summary>Currency of a GPC statement whose entries do not carry a currency code.</summary>
    public Currency GpcCurrency { get; init; } = Currency.Czk;

    /// <summary>GPC conventions by bank code, for banks that <see cref="GpcConvention.Of"/> does not know; these take precedence.</summary>
    public IReadOnlyDictionary<string, GpcConvention> GpcConventions { get; init; } = new Dictionary<string, GpcConvention>();

    public StatementLimits Limits { get; init; } = StatementLimits.Default;
}

/// <summary>Named maxima, so that no file can make a reader use unbounded memory. Lengths are in characters.</summary>
public sealed record StatementLimits
{
    public static readonly StatementLimits Default = new();

    /// <summary>Entries in one file; 25 million is more than a 2 GiB GPC file holds.</summary>
    public long EntriesMax { get; init; } = 25_000_000;

    /// <summary>A longer message is cut here: three messages of 140 characters, the most that Czech interbank payments carry.</summary>
    public int MessageMax { get; init; } = 3 * 140;

    /// <summary>A longer name is cut here: ISO 20022 allows 140.</summary>
    public int NameMax { get; init; } = 140;

    /// <summary>A longer account or reference is refused, because a cut one would name something else.</summary>
    public int ReferenceMax { get; init; } = 140;

    /// <summary>Transactions in one camt batch entry that are told apart; a larger batch stays one entry, with a warning.</summary>
    public int BatchDetailsMax { get; init; } = 50_000;
}
