using IspBilling.Desk.Checks;

namespace IspBilling.Http.Checks;

/// <param name="Provider">What is wrong with the issuers themselves or with printing, in words.</param>
/// <param name="Looked">Clients looked at for this page.</param>
/// <param name="Next">Pass it as <c>cursor</c> to go on; null when all clients were looked at. A page may be empty and still have a next one.</param>
public sealed record BillingChecks(
    DateOnly Through, IReadOnlyList<string> Provider, int Looked, IReadOnlyList<BillingCheckFinding> Items, string? Next);
