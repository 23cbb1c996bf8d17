namespace IspBilling.Domain;

/// <summary>What a payment that left the account's state still has to give.</summary>
public static class PaymentCredit
{
    /// <param name="amount">Negative for money that went out, which is nobody's credit.</param>
    /// <param name="paidBack">How much of it has gone back to the client.</param>
    /// <param name="used">What it settles.</param>
    public static Money Of(PaymentStatus status, Money amount, Money paidBack, IEnumerable<Money> used) =>
        status == PaymentStatus.Booked && amount.IsPositive
            ? amount - paidBack - used.Sum(amount.Currency, part => part)
            : Money.Zero(amount.Currency);
}
