using IspBilling.Engine.StatementImports;

namespace IspBilling.LoadTests.Payments;

/// <summary>How a client pays an invoice. The number travels as the entry's specific symbol, so that its outcome can be looked up.</summary>
public enum PaymentKind
{
    /// <summary>The invoice's symbol and amount.</summary>
    Exact = 1,

    /// <summary>In two to five parts, one right behind the other.</summary>
    Instalments = 2,

    /// <summary>Too little.</summary>
    Partial = 3,

    /// <summary>Too much.</summary>
    Over = 4,

    /// <summary>Without a symbol; the message holds it.</summary>
    NumberInMessage = 5,

    /// <summary>Without a symbol and without a word.</summary>
    NoSymbol = 6,

    /// <summary>With a symbol that nobody carries.</summary>
    UnknownSymbol = 7,

    /// <summary>Twice the same, and the bank tells the two apart by nothing.</summary>
    Duplicated = 8,

    /// <summary>Exact, and a while later the bank takes it back.</summary>
    Reversed = 9,

    /// <summary>Not a client's: the provider pays somebody.</summary>
    Outgoing = 10,
}

/// <summary>How many in a hundred invoices are paid in other ways than exactly.</summary>
public sealed record PaymentMix
{
    public static readonly PaymentMix AllExact = new()
    {
        Instalments = 0, Partial = 0, Over = 0, NumberInMessage = 0, NoSymbol = 0, UnknownSymbol = 0, Duplicated = 0, Reversed = 0,
    };

    public double Instalments { get; init; } = 1;
    public double Partial { get; init; } = 2;
    public double Over { get; init; } = 1.5;
    public double NumberInMessage { get; init; } = 1;
    public double NoSymbol { get; init; } = 0.5;
    public double UnknownSymbol { get; init; } = 1.5;
    public double Duplicated { get; init; } = 1;
    public double Reversed { get; init; } = 1.5;

    public double Exact => 100 - Others.Sum(other => other.Percent);

    /// <summary>What a number from 0 up to 100 stands for.</summary>
    public PaymentKind Draw(double percent)
    {
        foreach (var (kind, share) in Others)
        {
            if (percent < share) return kind;
            percent -= share;
        }

        return PaymentKind.Exact;
    }

    private IEnumerable<(PaymentKind Kind, double Percent)> Others =>
    [
        (PaymentKind.Instalments, Instalments), (PaymentKind.Partial, Partial), (PaymentKind.Over, Over),
        (PaymentKind.NumberInMessage, NumberInMessage), (PaymentKind.NoSymbol, NoSymbol), (PaymentKind.UnknownSymbol, UnknownSymbol),
        (PaymentKind.Duplicated, Duplicated), (PaymentKind.Reversed, Reversed),
    ];
}

/// <summary>What was written of one kind, and what it must lead to.</summary>
public sealed class KindTally
{
    public long Entries { get; private set; }

    /// <summary>What the accounts of these invoices owe afterwards; credit is negative.</summary>
    public long BalanceMinor { get; private set; }

    public void Add(long entries, long balanceMinor)
    {
        Entries += entries;
        BalanceMinor += balanceMinor;
    }

    public KindTally With(KindTally other)
    {
        Add(other.Entries, other.BalanceMinor);
        return this;
    }

    /// <summary>Where every entry of a kind must end.</summary>
    public static EntryState StateOf(PaymentKind kind) => kind switch
    {
        PaymentKind.NoSymbol or PaymentKind.UnknownSymbol => EntryState.Suspense,
        PaymentKind.Outgoing => EntryState.Rejected,
        _ => EntryState.Matched,
    };
}
