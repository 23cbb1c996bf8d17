using IspBilling.Desk.Clients;
using IspBilling.Domain;

namespace IspBilling.Http.Clients;

/// <summary>A client for those who visit them and see no money.</summary>
/// <param name="Account">The engine's own number of the client.</param>
/// <param name="Level">What the network should enforce.</param>
public sealed record ClientParticulars(
    string Reference, long Account, AccountStatus Status, ClientRequest Client, ServiceLevel Level, IReadOnlyList<ServiceParticulars> Services)
{
    internal static ClientParticulars Of(string reference, AccountState state, DecisionContext context) => new(
        reference, state.Id.Value, state.Status, ClientRequest.Of(state.RequiredProfile, state.PushRevision), state.Level,
        [.. state.Services.Select(service => ServiceParticulars.Of(service, context))]);
}

/// <param name="Tariff">Code of the tariff of today, or of the first day when the service begins later.</param>
/// <param name="Annulled">It was withdrawn before it began.</param>
public sealed record ServiceParticulars(string Reference, string Tariff, decimal Quantity, DateOnly Start, DateOnly? End, bool Annulled, IReadOnlyList<PauseRow> Pauses)
{
    internal static ServiceParticulars Of(Service service, DecisionContext context)
    {
        var terms = service.TermsOn(context.Today < service.Start ? service.Start : context.Today);
        var tariff = context.Catalogue.Tariffs.GetValueOrDefault(terms.Tariff);
        return new ServiceParticulars(
            service.Reference, tariff?.Code ?? terms.Tariff.ToString(), terms.Quantity.Value, service.Start, service.End, service.IsAnnulled,
            [.. service.Pauses.Select(pause => new PauseRow(pause.Id, pause.From, pause.To, pause.Bills, pause.Reason))]);
    }
}

/// <summary>A client in a list without amounts.</summary>
/// <param name="Issuer">Who invoices them.</param>
public sealed record ClientNameRow(
    string Reference, long Account, int Issuer, string Name, string? Email, string? Phone, AccountStatus Status, ServiceLevel Level);
