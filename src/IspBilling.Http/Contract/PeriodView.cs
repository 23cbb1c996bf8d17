using IspBilling.Domain;

namespace IspBilling.Http.Contract;

/// <param name="To">First day after; the last day charged is the day before.</param>
public sealed record PeriodView(DateOnly From, DateOnly To)
{
    public static PeriodView Of(Period period) => new(period.From, period.To);
}
