using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Catalogue;

internal static class TariffEndpoints
{
    private static readonly SettingAnswers<Tariff, TariffView> Answers = new("/v1/tariffs", SettingKinds.Tariff, TariffView.Of);

    public static void MapTariffs(this RouteGroupBuilder v1)
    {
        var tariffs = v1.MapGroup("/tariffs").WithTags("Catalogue");
        tariffs.MapPut("/{code}", Put).RequireRight(Right.WriteSettings)
            .Named("putTariff", "Adds a tariff, or a version to it; what is invoiced keeps its price unless the version says otherwise")
            .Answers<TariffView>(200, 201).MayFail(400, 409, 412);
        tariffs.MapPost("/{code}/preview", Preview).RequireRight(Right.WriteSettings)
            .Named("previewTariff", "How much is invoiced already of what putting the tariff so would price").Answers<TariffPreview>(200).MayFail(400, 409);
        tariffs.MapPost("/{code}/effect", Effect).RequireRight(Right.WriteSettings)
            .Named("effectOfTariff", "Whom putting the tariff so would affect, and by how much").Answers<TariffEffectView>(200).MayFail(400, 409);
        tariffs.MapGet("/{code}", Get).RequireRight(Right.ReadSettings).Named("getTariff", "A tariff with its versions").Answers<TariffView>(200).MayFail(404);
        tariffs.MapGet("", List).RequireRight(Right.ReadSettings).Named("listTariffs", "All tariffs by code").Answers<IReadOnlyList<TariffView>>(200).MayFail();
    }

    private static async Task<IResult> Put(
        string code, TariffRequest request, [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext http, SettingsDesk desk, LiveContext contexts, TimeProvider clock, CancellationToken cancellation)
    {
        var (terms, problem) = Read(code, request, contexts);
        if (terms is null) return problem;
        var before = Find(contexts, code);
        var faults = new Faults();
        var why = before is null ? null
            : terms.Brings(before).Count > 0 ? "the tariff gets another price"
            : terms.Kind != before.Kind ? "services of another kind may be supplied on another day"
            : null;
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch, why, faults);
        if (faults.Any) return faults.Problem();
        return await Answers.Put(http, contexts, code, () => Find(contexts, code), store => store.PutTariff(terms, author, cancellation), desk, cancellation);
    }

    /// <remarks>
    /// Each account with the tariff decides twice about its next bill, by the prices in force and by the draft, as it will decide when it is
    /// billed; nothing is written. It takes seconds for a hundred thousand accounts, and one such question is answered at a time.
    /// </remarks>
    /// <param name="through">Through-date of the bill that is compared; today when left out.</param>
    private static async Task<IResult> Effect(
        string code, TariffRequest request, DateOnly? through, HttpContext http, LiveContext contexts, TariffEffects effects, CancellationToken cancellation)
    {
        var (terms, problem) = Read(code, request, contexts);
        if (terms is null) return problem;
        var faults = new Faults();
        var day = faults.Date("through", through) ?? contexts.Today;
        return faults.Any ? faults.Problem() : await effects.Of(http, terms, Find(contexts, code), day, cancellation);
    }

    /// <remarks>Reads the lines of all documents: a question for a person who is about to change prices, not for a program to ask all day.</remarks>
    private static async Task<IResult> Preview(
        string code, TariffRequest request, LiveContext contexts, InvoicedPeriods invoiced, CancellationToken cancellation)
    {
        var (terms, problem) = Read(code, request, contexts);
        if (terms is null) return problem;
        if (Find(contexts, code) is not { } before) return TypedResults.Ok(new TariffPreview(code, IsNew: true, []));
        var previews = new List<TariffVersionPreview>();
        foreach (var version in terms.Brings(before))
        {
            var until = terms.Versions.Concat(before.Versions).Select(other => other.ValidFrom).Where(day => day > version.ValidFrom)
                .Order().Select(day => (DateOnly?)day).FirstOrDefault();
            var extent = await invoiced.On(before.Id, version.ValidFrom, until, cancellation);
            previews.Add(new TariffVersionPreview(
                version.ValidFrom, MoneyAmount.Of(version.MonthlyPrice), version.Reprices, extent.Accounts, extent.Services, extent.UpTo));
        }

        return TypedResults.Ok(new TariffPreview(code, IsNew: false, previews));
    }

    private static (TariffTerms? Terms, IResult Problem) Read(string code, TariffRequest request, LiveContext contexts)
    {
        var faults = new Faults();
        var terms = request.Read(code, faults);
        if (!faults.Any && contexts.Settings.Issuers.Values.All(issuer => issuer.Currency != terms.Versions[0].MonthlyPrice.Currency))
            faults.Add("versions", $"no issuer invoices in {terms.Versions[0].MonthlyPrice.Currency}");
        if (faults.Any) return (null, faults.Problem());
        var before = Find(contexts, terms.Code);
        if (before is not null && WhatCannotChange(before, terms) is { } what)
            return (null, Problem.Of(StatusCodes.Status409Conflict, "tariff-cannot-change-so", $"The {what} of a tariff cannot change.", "Make a new tariff and move services to it."));
        return terms.Problem(before) is { } invalid ? (null, Problem.Invalid("versions", invalid)) : (terms, Results.Empty);
    }

    private static IResult Get(string code, HttpContext http, LiveContext contexts) =>
        Answers.Get(http, contexts, code, Find(contexts, code), $"No tariff has the code '{code}'.");

    private static Ok<IReadOnlyList<TariffView>> List(LiveContext contexts) =>
        Answers.List(contexts.Settings.Catalogue.Tariffs.Values.OrderBy(tariff => tariff.Code, StringComparer.Ordinal));

    /// <summary>Charges in different price modes or currencies cannot be subtracted from each other.</summary>
    private static string? WhatCannotChange(Tariff before, TariffTerms after)
    {
        if (before.PriceMode != after.PriceMode) return "price mode";
        if (before.VatCategory != after.VatCategory) return "VAT category";
        return before.Versions[0].MonthlyPrice.Currency != after.Versions[0].MonthlyPrice.Currency ? "currency" : null;
    }

    private static Tariff? Find(LiveContext contexts, string code) =>
        contexts.Settings.Catalogue.Tariffs.Values.FirstOrDefault(tariff => tariff.Code == code);
}
