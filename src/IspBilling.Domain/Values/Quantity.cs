using System.Globalization;

namespace IspBilling.Domain;

/// <summary>How much of something is charged, in thousandths of its unit: 1.500 hours, 3 telephones.</summary>
public readonly record struct Quantity(long Thousandths)
{
    public const long PerUnit = 1000;

    public static readonly Quantity One = new(PerUnit);

    /// <exception cref="FormatException">More than three decimals.</exception>
    public static Quantity From(decimal value)
    {
        var thousandths = value * PerUnit;
        if (thousandths != decimal.Truncate(thousandths))
            throw new FormatException($"Quantity {value.ToString(CultureInfo.InvariantCulture)} has more than three decimals.");
        return new Quantity(checked((long)thousandths));
    }

    public decimal Value => (decimal)Thousandths / PerUnit;

    public override string ToString() => Value.ToString("0.###", CultureInfo.InvariantCulture);
}
