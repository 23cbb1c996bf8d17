using System.Collections.Immutable;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>Makes an empty database usable at once, and says what of it is only a sample. Of several that start at once, one does it.</summary>
internal sealed class FirstStart(NpgsqlDataSource database, HostSettings first)
{
    private const string OperatorName = "first operator";

    /// <summary>"ISPFIRST" in ASCII; advisory locks of one database share one number space.</summary>
    private const long LockNumber = 0x49_53_50_46_49_52_53_54;

    private readonly SettingsStore _settings = new(database);
    private readonly ApiKeyStore _keys = new(database);

    public async Task<ImmutableArray<string>> Prepare(CancellationToken cancellation)
    {
        await using var alone = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await alone.BeginTransactionAsync(cancellation);
        await using var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({LockNumber})", alone);
        await wait.ExecuteNonQueryAsync(cancellation);
        return await PrepareAlone(cancellation);
    }

    private async Task<ImmutableArray<string>> PrepareAlone(CancellationToken cancellation)
    {
        var greeting = ImmutableArray.CreateBuilder<string>();
        var stored = await _settings.Load(cancellation);
        if (stored.Issuers.IsEmpty) await _settings.PutIssuer(first.FirstIssuer, cancellation);
        if (stored.DunningPolicy.Steps.IsEmpty) await _settings.PutDunningPolicy(first.FirstPolicy, cancellation);
        var issuers = stored.Issuers.IsEmpty ? (await _settings.Load(cancellation)).Issuers : stored.Issuers;
        foreach (var issuer in issuers.Values.Where(SampleSettings.IsSample).OrderBy(issuer => issuer.Id.Value))
            greeting.Add($"Issuer {issuer.Id} is a sample: replace it with PUT /v1/issuers/{issuer.Id} before you issue documents.");

        if ((await _keys.List(default, 1, cancellation)).Count == 0)
        {
            var (_, plain) = await _keys.Create(OperatorName, Scopes.All, first.Clock.GetUtcNow(), cancellation);
            greeting.Add($"First API key, with every scope, shown only now: {plain}");
        }

        return greeting.ToImmutable();
    }
}
