using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Catalogue;

internal static class IssuerEndpoints
{
    private static readonly SettingAnswers<Issuer, IssuerView> Answers = new("/v1/issuers", IssuerView.Of);

    public static void MapIssuers(this RouteGroupBuilder v1)
    {
        var issuers = v1.MapGroup("/issuers").WithTags("Catalogue");
        issuers.MapPut("/{id:int:min(1)}", Put).RequireRight(Right.WriteSettings)
            .Named("putIssuer", "Creates an issuer or changes what later documents print").Answers<IssuerView>(200, 201).MayFail(400, 409);
        issuers.MapGet("/{id:int}", Get).RequireRight(Right.ReadSettings).Named("getIssuer", "An issuer as it is printed now").Answers<IssuerView>(200).MayFail(404);
        issuers.MapGet("", List).RequireRight(Right.ReadSettings).Named("listIssuers", "All issuers").Answers<IReadOnlyList<IssuerView>>(200).MayFail();
    }

    private static async Task<IResult> Put(int id, IssuerRequest request, SettingsDesk desk, LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        var before = Find(contexts, id);
        var issuer = request.Read(new IssuerId(id), before, faults);
        if (!faults.Any) IssuerAccounts.Check(issuer, before, contexts.Settings.Issuers.Values, faults);
        if (faults.Any) return faults.Problem();
        if (before is not null && before.Currency != issuer.Currency)
            return Problem.Of(StatusCodes.Status409Conflict, "currency-cannot-change", "The currency of an issuer cannot change.", "Make a new issuer.");
        return await Answers.Put(
            issuer.Id.ToString(), () => Find(contexts, id), store => store.PutIssuer(issuer, cancellation), desk, cancellation);
    }

    private static IResult Get(int id, LiveContext contexts) =>
        Answers.Get(Find(contexts, id), $"There is no issuer {id}.");

    private static Ok<IReadOnlyList<IssuerView>> List(LiveContext contexts) =>
        Answers.List(contexts.Settings.Issuers.Values.OrderBy(issuer => issuer.Id.Value));

    private static Issuer? Find(LiveContext contexts, int id) => contexts.Settings.Issuers.GetValueOrDefault(new IssuerId(id));
}
