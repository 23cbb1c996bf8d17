using System.Globalization;

namespace IspBilling.Domain;

/// <summary>One client's account; assigned when the CRM first names the client. Positive.</summary>
public readonly record struct AccountId(long Value) : IComparable<AccountId>
{
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A legal entity of the provider that invoices; 1 is the default issuer.</summary>
public readonly record struct IssuerId(int Value)
{
    public static readonly IssuerId Default = new(1);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A tariff of the catalogue.</summary>
public readonly record struct TariffId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Names one request of a caller; the same id again gets the first reply and changes nothing.</summary>
public readonly record struct CommandId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One billing run.</summary>
public readonly record struct RunId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A document by its account and its ordinal there (from 1); the legal number comes with the commit.</summary>
public readonly record struct DocumentId(AccountId Account, int Ordinal)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Account.Value}-{Ordinal}");
}
