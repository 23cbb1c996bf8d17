using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Catalogue;

internal static class IssuerEndpoints
{
    private static readonly SettingAnswers<Issuer, IssuerView> Answers = new("/v1/issuers", SettingKinds.Issuer, IssuerView.Of);

    public static void MapIssuers(this RouteGroupBuilder v1)
    {
        var issuers = v1.MapGroup("/issuers").WithTags("Catalogue");
        issuers.MapPut("/{id:int:min(1)}", Put).RequireRight(Right.WriteSettings)
            .Named("putIssuer", "Creates an issuer or changes what later documents print").Answers<IssuerView>(200, 201).MayFail(400, 409, 412);
        issuers.MapPost("/{id:int:min(1)}/effect", Effect).RequireRight(Right.WriteSettings)
            .Named("effectOfIssuer", "How many accounts putting the issuer so would affect, and what changes on their next documents").Answers<IssuerEffectView>(200).MayFail(400, 409);
        issuers.MapGet("/{id:int}", Get).RequireRight(Right.ReadSettings).Named("getIssuer", "An issuer as it is printed now").Answers<IssuerView>(200).MayFail(404);
        issuers.MapGet("", List).RequireRight(Right.ReadSettings).Named("listIssuers", "All issuers").Answers<IReadOnlyList<IssuerView>>(200).MayFail();
    }

    private static async Task<IResult> Put(
        int id, IssuerRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var (issuer, problem) = Read(id, request, contexts);
        if (issuer is null) return problem;
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, WhyReasonIsNeeded(Find(contexts, id), issuer), faults);
        if (faults.Any) return faults.Problem();
        return await Answers.Put(
            http, contexts, issuer.Id.ToString(), () => Find(contexts, id), store => store.PutIssuer(issuer, author, cancellation), desk, cancellation);
    }

    /// <remarks>
    /// Where the change may tax otherwise, each account of the issuer decides twice about its next bill, as it will decide when it is billed;
    /// nothing is written.
    /// </remarks>
    /// <param name="through">Through-date of the bill that is compared; today when left out.</param>
    private static async Task<IResult> Effect(
        int id, IssuerRequest request, DateOnly? through, HttpContext http, LiveContext contexts, IssuerEffects effects, CancellationToken cancellation)
    {
        var (issuer, problem) = Read(id, request, contexts);
        if (issuer is null) return problem;
        var faults = new Faults();
        var day = faults.Date("through", through) ?? contexts.Today;
        return faults.Any ? faults.Problem() : await effects.Of(http, issuer, Find(contexts, id), day, cancellation);
    }

    private static (Issuer? Issuer, IResult Problem) Read(int id, IssuerRequest request, LiveContext contexts)
    {
        var faults = new Faults();
        var before = Find(contexts, id);
        var issuer = request.Read(new IssuerId(id), before, faults);
        if (!faults.Any) IssuerAccounts.Check(issuer, before, contexts.Settings.Issuers.Values, faults);
        if (faults.Any) return (null, faults.Problem());
        return before is not null && before.Currency != issuer.Currency
            ? (null, Problem.Of(StatusCodes.Status409Conflict, "currency-cannot-change", "The currency of an issuer cannot change.", "Make a new issuer."))
            : (issuer, Results.Empty);
    }

    /// <summary>Null when none is: nothing was issued under the sample of a first start.</summary>
    private static string? WhyReasonIsNeeded(Issuer? before, Issuer after)
    {
        if (before is null or { IsSample: true }) return null;
        if (IssuerEffects.TaxesOtherwise(before, after)) return "later documents are taxed otherwise";
        return AccountKey.Of(before.BankAccount.Iban) == AccountKey.Of(after.BankAccount.Iban) ? null : "clients are asked to pay to another bank account";
    }

    private static IResult Get(int id, HttpContext http, LiveContext contexts) =>
        Answers.Get(http, contexts, $"{id}", Find(contexts, id), $"There is no issuer {id}.");

    private static Ok<IReadOnlyList<IssuerView>> List(LiveContext contexts) =>
        Answers.List(contexts.Settings.Issuers.Values.OrderBy(issuer => issuer.Id.Value));

    private static Issuer? Find(LiveContext contexts, int id) => contexts.Settings.Issuers.GetValueOrDefault(new IssuerId(id));
}
