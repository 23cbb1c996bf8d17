using System.Globalization;
using IspBilling.Domain;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Payments;

/// <summary>Payments of a client as people look at them, with what each settles.</summary>
public sealed class PaymentViews(PaymentReading reading)
{
    /// <summary>The newest first, before a number.</summary>
    public async Task<IReadOnlyList<PaymentView>> Before(AccountId account, long before, int max, CancellationToken cancellation)
    {
        var payments = await reading.Before(account, before, max, cancellation);
        var allocations = await reading.Allocations(account, payments.Select(payment => payment.Ordinal), cancellation);
        var paidBack = await reading.PaidBack(account, payments.Select(payment => payment.Ordinal), cancellation);
        return [.. payments.Select(payment => View(payment, allocations[payment.Ordinal], paidBack.GetValueOrDefault(payment.Ordinal)))];
    }

    private static PaymentView View(ReceivedPayment payment, IEnumerable<PaymentAllocation> allocations, long paidBackMinor)
    {
        var currency = Currency.Parse(payment.Currency);
        var (status, amount, paidBack) = ((PaymentStatus)payment.Status, new Money(payment.Amount, currency), new Money(paidBackMinor, currency));
        AllocationView[] uses = [.. allocations.Select(allocation => new AllocationView(allocation.Document, new Money(allocation.Amount, currency)))];
        return new PaymentView(
            payment.Ordinal, payment.Entry, payment.BookedOn, amount, payment.Symbol?.ToString(CultureInfo.InvariantCulture), payment.CounterAccount, (MatchRule)payment.Rule, status, uses,
            PaymentCredit.Of(status, amount, paidBack, uses.Select(use => use.Amount)), paidBack.IsZero ? null : paidBack);
    }
}
