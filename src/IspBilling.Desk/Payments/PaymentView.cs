using IspBilling.Domain;

namespace IspBilling.Desk.Payments;

/// <param name="Number">Of the payment within the client's account, from 1.</param>
/// <param name="Entry">Identity of the statement entry, or of the part of it.</param>
/// <param name="Rule">How the payment found its client.</param>
/// <param name="Amount">Positive for money that came in; negative for money that went back to the client.</param>
/// <param name="PaidBack">How much of it has gone back to the client; null for nothing.</param>
/// <param name="Credit">What no document has used yet and has not gone back.</param>
public sealed record PaymentView(
    int Number, string Entry, DateOnly BookedOn, Money Amount, string? VariableSymbol, string? CounterAccount, MatchRule Rule,
    PaymentStatus Status, IReadOnlyList<AllocationView> Allocations, Money Credit, Money? PaidBack = null);

public sealed record AllocationView(string Document, Money Amount);
