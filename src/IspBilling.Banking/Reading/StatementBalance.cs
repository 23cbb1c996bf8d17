using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>
/// Proves one statement by its items: opening + credits − debits = closing. The turnover that some formats carry is never used,
/// because banks differ in its sign. Sums are 128 bits wide, so that no number of entries overflows them.
/// </summary>
internal sealed class StatementBalance(Currency currency, Money? opening)
{
    private Int128 _movement;

    public void Add(StatementEntry entry) =>
        _movement += entry.Direction == EntryDirection.Credit ? entry.Amount.Minor : -entry.Amount.Minor;

    /// <summary>Null when the statement adds up, or does not say enough to tell.</summary>
    public StatementWarning? Check(Money? closing, string position)
    {
        if (opening is not { } from || closing is not { } to) return null;
        var reached = from.Minor + _movement;
        return reached == to.Minor ? null : new StatementWarning(
            $"the statement does not add up: opening {from} and entries of {Show(_movement)} {currency} give {Show(reached)} {currency}, " +
            $"but the closing balance is {to}",
            position);
    }

    private static string Show(Int128 minor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(minor < 0 ? "-" : "")}{Int128.Abs(minor) / Currency.MinorPerMajor}.{(int)(Int128.Abs(minor) % Currency.MinorPerMajor):00}");
}
