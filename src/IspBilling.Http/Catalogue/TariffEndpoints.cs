using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Catalogue;

internal static class TariffEndpoints
{
    private static readonly SettingAnswers<Tariff, TariffView> Answers = new("/v1/tariffs", TariffView.Of);

    public static void MapTariffs(this RouteGroupBuilder v1)
    {
        var tariffs = v1.MapGroup("/tariffs").WithTags("Catalogue");
        tariffs.MapPut("/{code}", Put).RequireRight(Right.WriteSettings)
            .Named("putTariff", "Adds a tariff, or a version to it; what is invoiced keeps its price unless the version says otherwise")
            .Answers<TariffView>(200, 201).MayFail(400, 409);
        tariffs.MapPost("/{code}/preview", Preview).RequireRight(Right.WriteSettings)
            .Named("previewTariff", "How much is invoiced already of what putting the tariff so would price").Answers<TariffPreview>(200).MayFail(400, 409);
        tariffs.MapGet("/{code}", Get).RequireRight(Right.ReadSettings).Named("getTariff", "A tariff with its versions").Answers<TariffView>(200).MayFail(404);
        tariffs.MapGet("", List).RequireRight(Right.ReadSettings).Named("listTariffs", "All tariffs by code").Answers<IReadOnlyList<TariffView>>(200).MayFail();
    }

    private static async Task<IResult> Put(string code, TariffRequest request, SettingsDesk desk, LiveContext contexts, CancellationToken cancellation)
    {
        var (terms, problem) = Read(code, request, contexts);
        if (terms is null) return problem;
        return await Answers.Put(code, () => Find(contexts, code), store => store.PutTariff(terms, cancellation), desk, cancellation);
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

    private static IResult Get(string code, LiveContext contexts) =>
        Answers.Get(Find(contexts, code), $"No tariff has the code '{code}'.");

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
