using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;

namespace IspBilling.Api.Hosting;

/// <summary>Makes an empty database usable at once, and says what of it is only a sample.</summary>
/// <param name="firstIssuer">Stands until the operator says otherwise.</param>
/// <param name="firstPolicy">Likewise.</param>
internal sealed class FirstStart(SettingsStore settings, ApiKeyStore keys, TimeProvider clock, Issuer firstIssuer, DunningPolicy firstPolicy)
{
    private const string OperatorName = "first operator";

    public async Task<ImmutableArray<string>> Prepare(CancellationToken cancellation)
    {
        var greeting = ImmutableArray.CreateBuilder<string>();
        var stored = await settings.Load(cancellation);
        if (stored.Issuers.IsEmpty) await settings.PutIssuer(firstIssuer, cancellation);
        if (stored.DunningPolicy.Steps.IsEmpty) await settings.PutDunningPolicy(firstPolicy, cancellation);
        var issuers = stored.Issuers.IsEmpty ? (await settings.Load(cancellation)).Issuers : stored.Issuers;
        foreach (var issuer in issuers.Values.Where(SampleSettings.IsSample).OrderBy(issuer => issuer.Id.Value))
            greeting.Add($"Issuer {issuer.Id} is a sample: replace it with PUT /v1/issuers/{issuer.Id} before you issue documents.");

        if ((await keys.List(default, 1, cancellation)).Count == 0)
        {
            var (_, plain) = await keys.Create(OperatorName, Scopes.All, clock.GetUtcNow(), cancellation);
            greeting.Add($"First API key, with every scope, shown only now: {plain}");
        }

        return greeting.ToImmutable();
    }
}
