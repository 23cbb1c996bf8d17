using System.Collections.Immutable;
using IspBilling.Http.Security;
using IspBilling.Postgres;
using IspBilling.Postgres.Settings;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>Makes an empty database usable at once, and says what in it is only a sample. Of several fronts that start at once, one does it.</summary>
internal sealed class FirstStart(NpgsqlDataSource database, HostSettings first)
{
    private const string OperatorName = "first operator";

    /// <summary>"ISPFIRST" in ASCII; advisory locks of one database share one number space.</summary>
    private const long LockNumber = 0x49_53_50_46_49_52_53_54;

    private readonly SettingsStore _settings = new(database);
    private readonly ApiKeyStore _keys = new(database);

    /// <summary>Whether a front has been here: an account belongs to an issuer, and without one nothing can be asked.</summary>
    public static async Task<bool> IsPrepared(NpgsqlDataSource database, CancellationToken cancellation) =>
        !(await new SettingsStore(database).Load(cancellation)).Issuers.IsEmpty;

    /// <summary>Stores the first issuer and how it reminds, unless there are some.</summary>
    /// <returns>What the operator should know about them.</returns>
    public Task<ImmutableArray<string>> PrepareSettings(CancellationToken cancellation) => Alone(async () =>
    {
        var stored = await _settings.Load(cancellation);
        if (stored.Issuers.IsEmpty) await _settings.PutIssuer(first.FirstIssuer, cancellation);
        if (stored.DunningPolicy.Steps.IsEmpty) await _settings.PutDunningPolicy(first.FirstPolicy, cancellation);
        var issuers = stored.Issuers.IsEmpty ? (await _settings.Load(cancellation)).Issuers : stored.Issuers;
        return issuers.Values.Where(issuer => issuer.IsSample).OrderBy(issuer => issuer.Id.Value)
            .Select(issuer => $"Issuer {issuer.Id} is a sample: replace it with PUT /v1/issuers/{issuer.Id} before you issue documents.")
            .ToImmutableArray();
    }, cancellation);

    /// <summary>Creates the first key, unless there is one. Asked for last, by a node that answers already: what fails before does not lose the key.</summary>
    public Task<ImmutableArray<string>> CreateKey(CancellationToken cancellation) => Alone(async () =>
    {
        if ((await _keys.List(default, 1, cancellation)).Count > 0) return [];
        var (_, plain) = await _keys.Create(OperatorName, Scopes.All, first.Clock.GetUtcNow(), cancellation);
        return ImmutableArray.Create($"First API key, with every scope, shown only now: {plain}");
    }, cancellation);

    private Task<ImmutableArray<string>> Alone(Func<Task<ImmutableArray<string>>> work, CancellationToken cancellation) =>
        AdvisoryLock.Alone(database, LockNumber, work, cancellation);
}
