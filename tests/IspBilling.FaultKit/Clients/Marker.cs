using System.Globalization;

namespace IspBilling.FaultKit.Clients;

/// <summary>
/// Thirteen digits that stand in one request and in what becomes of it, so that its effects can be counted in the database without
/// asking the engine.
/// </summary>
public readonly record struct Marker(long Value)
{
    private const long First = 7_700_000_000_000;

    /// <summary>What PostgreSQL's regular expressions find it by.</summary>
    public const string Pattern = "77[0-9]{11}";

    public static Marker Of(int number) => new(First + number);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
