using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Effects;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace IspBilling.Http.Catalogue;

/// <summary>How many accounts a draft of an issuer would affect, and what changes on their next documents.</summary>
/// <param name="Revision">Of the settings journal, of the issuer that the draft was compared with, for <c>If-Match</c>; null for a new one.</param>
/// <param name="Accounts">Accounts that the issuer invoices.</param>
/// <param name="Changes">Particulars that differ.</param>
/// <param name="NextBill">Null where nothing is taxed otherwise: only what is printed changes, not an amount.</param>
public sealed record IssuerEffectView(int Id, bool IsNew, long? Revision, long Accounts, IReadOnlyList<ChangeView> Changes, NextBillView? NextBill);

/// <param name="Field">Of the issuer, such as <c>vatNumber</c>.</param>
public sealed record ChangeView(string Field, JsonElement Before, JsonElement After);

/// <inheritdoc cref="IssuerEffectView"/>
internal sealed class IssuerEffects(LiveContext contexts, AccountStates accounts, ClientDirectory directory, EffectTurn turn, IOptions<JsonOptions> json)
{
    /// <summary>Whether later documents may have another tax, or be other documents: a document holds supplies of one tax month.</summary>
    public static bool TaxesOtherwise(Issuer before, Issuer after) =>
        before.IsVatPayer != after.IsVatPayer || before.SupplyDating != after.SupplyDating || before.Address.Country != after.Address.Country;

    public Task<IResult> Of(HttpContext http, Issuer issuer, Issuer? before, DateOnly through, CancellationToken cancellation) =>
        turn.Take(http, async () => TypedResults.Ok(Shown(http, await Compute(issuer, before, through, cancellation))));

    private static IssuerEffectView Shown(HttpContext http, IssuerEffectView effect) =>
        EffectTurn.MayNameClients(http) || effect.NextBill is not { } bill ? effect : effect with { NextBill = bill with { Examples = [] } };

    private async Task<IssuerEffectView> Compute(Issuer issuer, Issuer? before, DateOnly through, CancellationToken cancellation)
    {
        var revision = contexts.Settings.Revisions.Of(SettingKinds.Issuer, issuer.Id.ToString());
        if (before is null) return new IssuerEffectView(issuer.Id.Value, IsNew: true, revision, Accounts: 0, [], NextBill: null);
        var nextBill = TaxesOtherwise(before, issuer) ? await NextBill(issuer with { Revision = before.Revision + 1 }, through, cancellation) : null;
        return new IssuerEffectView(
            issuer.Id.Value, IsNew: false, revision, await accounts.CountOfIssuer(issuer.Id, cancellation), Changes(before, issuer), nextBill);
    }

    private async Task<NextBillView> NextBill(Issuer draft, DateOnly through, CancellationToken cancellation)
    {
        var (settings, today) = (contexts.Settings, contexts.Today);
        var after = settings with { Issuers = settings.Issuers.SetItem(draft.Id, draft) };
        var effect = new BillEffect(through, settings.On(today), after.On(today), NextBillView.ExamplesMax);
        await foreach (var account in accounts.OfIssuer(draft.Id, cancellation)) effect.Look(account);
        return await NextBillView.Of(effect, through, directory, cancellation);
    }

    private List<ChangeView> Changes(Issuer before, Issuer after)
    {
        var options = json.Value.SerializerOptions;
        var then = JsonSerializer.SerializeToElement(IssuerView.Of(before), options);
        var now = JsonSerializer.SerializeToElement(IssuerView.Of(after with { Revision = before.Revision }), options);
        return [.. then.EnumerateObject()
            .Select(member => new ChangeView(member.Name, member.Value, now.GetProperty(member.Name)))
            .Where(change => !JsonElement.DeepEquals(change.Before, change.After))];
    }
}
