using IspBilling.Desk.Reports;
using IspBilling.Http.Contract;

namespace IspBilling.Http.Reports;

/// <param name="AsOf">The business date that the days overdue count to.</param>
/// <param name="Totals">Per issuer, over all clients, whatever the page.</param>
public sealed record ReceivablesReport(DateOnly AsOf, IReadOnlyList<IssuerReceivables> Totals, Page<ClientReceivablesRow> Clients);
