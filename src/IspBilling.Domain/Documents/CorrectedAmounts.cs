using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What a credit note takes back of each document that it corrects, with tax.</summary>
public static class CorrectedAmounts
{
    /// <summary>
    /// By original document, in the order of the lines; positive. Each tax group's sum is divided by the lines' amounts, so that the parts
    /// never sum to more than the group. Originals to which the note adds more than it takes back are left out.
    /// </summary>
    public static ImmutableArray<(int Document, Money Amount)> Of(Document note)
    {
        var credited = new Dictionary<int, Money>();
        foreach (var lines in note.Lines.GroupBy(line => (line.VatCategory, line.VatRate, line.PriceMode)))
        {
            var amount = lines.Sum(note.Currency, line => line.Amount);
            if (amount.IsZero) continue;
            var gross = note.Vat.Where(total => (total.Category, total.Rate, total.PriceMode) == lines.Key).Sum(note.Currency, total => total.Gross);
            var sign = amount.IsNegative ? -1 : 1;
            var (before, given) = (Money.Zero(note.Currency), Money.Zero(note.Currency));
            foreach (var line in lines)
            {
                // Each line gets up to where the sum so far, divided once, has come: nothing is lost to rounding.
                before += line.Amount;
                var upTo = gross.Times(sign * before.Minor, sign * amount.Minor);
                if (line.Corrects is { Document: var original })
                    credited[original] = (credited.TryGetValue(original, out var known) ? known : Money.Zero(note.Currency)) - (upTo - given);
                given = upTo;
            }
        }

        return [.. note.Lines.Select(line => line.Corrects?.Document).OfType<int>().Distinct()
            .Where(original => credited.TryGetValue(original, out var amount) && amount.IsPositive).Select(original => (original, credited[original]))];
    }
}
