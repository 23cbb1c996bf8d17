using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>
/// After a document is issued, documents charge for a service exactly what it owes. When earlier charges were corrected, this works
/// out which line charges which part.
/// </summary>
internal static class Recharging
{
    private sealed class Remaining(TariffId tariff, Period period, ChargePart part)
    {
        public TariffId Tariff { get; } = tariff;
        public Period Period { get; } = period;
        public ChargePart Part { get; } = part;
        public Money Left { get; set; } = part.Amount;
    }

    /// <param name="lines">The lines of this service on all documents that the decision issues, with their document's ordinal.</param>
    public static Recharged Of(Service service, List<Charge> owed, List<(int Document, DocumentLine Line)> lines)
    {
        var pool = service.Charged
            .SelectMany(segment => segment.Parts.Select(part => new Remaining(segment.Tariff, part.Days ?? segment.Period, part)))
            .ToList();
        foreach (var (document, line) in lines)
        {
            if (line.Amount.IsNegative) TakeBack(pool, line);
            else pool.Add(new Remaining(line.Tariff!.Value, line.Period!.Value, new ChargePart(document, line.Number, line.Amount, line.VatRate)));
        }

        // What charges days of one stretch alone comes first, or a longer line would fill that stretch and leave it the days of another; then
        // lines whose days overlap; the rest covers what a price change moved between stretches.
        var wanted = owed.ConvertAll(charge => (Charge: charge, Missing: charge.Amount, Parts: new List<ChargePart>()));
        Give(wanted, pool, static (stretch, days) => stretch.Covers(days));
        Give(wanted, pool, static (stretch, days) => stretch.Overlaps(days));
        Give(wanted, pool, static (_, _) => true);
        Invariant.Require(pool.TrueForAll(remaining => remaining.Left.IsZero));
        Invariant.Require(wanted.TrueForAll(want => want.Missing.IsZero));

        return new Recharged(service.Number, [.. wanted.Select(want => new ChargedSegment(
            want.Charge.Period, want.Charge.Basis.Tariff, want.Charge.PriceMode, want.Charge.VatCategory,
            [.. want.Parts.OrderBy(part => part.Document).ThenBy(part => part.Line)])
        {
            Basis = want.Charge.Basis,
            BilledUnder = want.Charge.BilledUnder,
        })]);
    }

    private static void TakeBack(List<Remaining> pool, DocumentLine credit)
    {
        var left = -credit.Amount;
        var corrected = credit.Corrects!.Value;
        foreach (var nearby in new[] { true, false })
        {
            foreach (var remaining in pool)
            {
                if (remaining.Part.Document != corrected.Document || remaining.Part.Line != corrected.Line) continue;
                if (remaining.Period.Overlaps(credit.Period!.Value) != nearby) continue;
                var take = Money.Min(remaining.Left, left);
                remaining.Left -= take;
                left -= take;
            }
        }

        // A credit note never exceeds what is left of the original line.
        Invariant.Require(left.IsZero);
    }

    /// <summary>What a line charges of a stretch; null where it is all of it, or only what rounding moved there.</summary>
    private static Period? DaysWithin(Period stretch, Period days) => stretch.Intersect(days) is { } within && within != stretch ? within : null;

    private static void Give(List<(Charge Charge, Money Missing, List<ChargePart> Parts)> wanted, List<Remaining> pool, Func<Period, Period, bool> belong)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var want = wanted[i];
            foreach (var remaining in pool)
            {
                if (remaining.Tariff != want.Charge.Basis.Tariff || !remaining.Left.IsPositive || !want.Missing.IsPositive) continue;
                if (!belong(want.Charge.Period, remaining.Period)) continue;
                var take = Money.Min(remaining.Left, want.Missing);
                remaining.Left -= take;
                want.Missing -= take;
                want.Parts.Add(remaining.Part with { Amount = take, Days = DaysWithin(want.Charge.Period, remaining.Period) });
            }

            wanted[i] = want;
        }
    }
}
