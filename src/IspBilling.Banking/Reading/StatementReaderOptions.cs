using IspBilling.Domain;

namespace IspBilling.Banking;

/// <summary>One of the provider's own Czech accounts.</summary>
/// <param name="Currency">Null where it is not stated.</param>
public readonly record struct OwnAccount(CzechAccount Account, Currency? Currency)
{
    public static implicit operator OwnAccount(CzechAccount account) => new(account, Currency: null);

    public static OwnAccount FromCzechAccount(CzechAccount account) => account;
}

/// <summary>What a provider sets once for its banks. The defaults read any supported file.</summary>
public sealed record StatementReaderOptions
{
    public static readonly StatementReaderOptions Default = new();

    /// <summary>
    /// The provider's own Czech accounts, all of them: a GPC file names an account without its bank and often without its currency, and
    /// they are looked up here.
    /// </summary>
    public IReadOnlyCollection<OwnAccount> OwnAccounts { get; init; } = [];

    /// <summary>Bank code of a GPC file's account when neither <see cref="OwnAccounts"/> nor the file names it; null when unknown.</summary>
    public string? OwnBankCode { get; init; }

    /// <summary>Currency of a GPC statement where neither its entries nor the own account tell.</summary>
    public Currency GpcCurrency { get; init; } = Currency.Czk;

    /// <summary>GPC conventions by bank code, for banks that <see cref="GpcConvention.Of"/> does not know; these take precedence.</summary>
    public IReadOnlyDictionary<string, GpcConvention> GpcConventions { get; init; } = new Dictionary<string, GpcConvention>();

    /// <summary>The day of the reading. Where it is given, an entry booked more than a month later is refused.</summary>
    public DateOnly? Today { get; init; }

    public StatementLimits Limits { get; init; } = StatementLimits.Default;
}

/// <summary>Named maxima, so that no file can make a reader use unbounded memory or name an absurd amount. Lengths are in characters.</summary>
public sealed record StatementLimits
{
    public static readonly StatementLimits Default = new();

    /// <summary>Entries in one file; 25 million is more than a 2 GiB GPC file holds.</summary>
    public long EntriesMax { get; init; } = 25_000_000;

    /// <summary>
    /// An entry's amount in minor units lies below this: ten billion crowns or euros. It is what twelve digits of GPC can hold, and leaves
    /// room for the sum of nine million such entries.
    /// </summary>
    public long AmountBound { get; init; } = AccountLimits.AmountBoundMinor;

    /// <summary>A balance in minor units lies below this, on either side of zero: what fourteen digits of GPC can hold.</summary>
    public long BalanceBound { get; init; } = 100_000_000_000_000;

    /// <summary>Movement ids of one Fio file that are remembered, to find one that is told twice; the bank itself gives at most 50,000 at once.</summary>
    public int MovementIdsMax { get; init; } = 1_000_000;

    /// <summary>A longer message is cut here: three messages of 140 characters, the most that Czech interbank payments carry.</summary>
    public int MessageMax { get; init; } = 3 * 140;

    /// <summary>A longer name is cut here: ISO 20022 allows 140.</summary>
    public int NameMax { get; init; } = 140;

    /// <summary>A longer account or reference is refused, because a cut one would name something else.</summary>
    public int ReferenceMax { get; init; } = 140;

    /// <summary>Transactions in one camt batch entry that are told apart; a larger batch stays one entry, with a warning.</summary>
    public int BatchDetailsMax { get; init; } = 50_000;
}
