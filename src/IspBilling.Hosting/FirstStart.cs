using System.Collections.Immutable;
using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Http.People;
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

    private Authorship By => Authorship.OfSystem("first start", first.Clock.GetUtcNow());

    /// <summary>Whether a front has been here: an account belongs to an issuer, and without one nothing can be asked.</summary>
    public static async Task<bool> IsPrepared(NpgsqlDataSource database, CancellationToken cancellation) =>
        !(await new SettingsStore(database).Load(cancellation)).Issuers.IsEmpty;

    /// <summary>Stores the first issuer and how it reminds, unless there are some.</summary>
    /// <returns>What the operator should know about them.</returns>
    public Task<ImmutableArray<string>> PrepareSettings(CancellationToken cancellation) => Alone(async () =>
    {
        var stored = await _settings.Load(cancellation);
        if (stored.Issuers.IsEmpty) await _settings.PutIssuer(first.FirstIssuer, By, cancellation);
        if (stored.DunningPolicy.Steps.IsEmpty) await _settings.PutDunningPolicy(first.FirstPolicy, By, cancellation);
        var issuers = stored.Issuers.IsEmpty ? (await _settings.Load(cancellation)).Issuers : stored.Issuers;
        return issuers.Values.Where(issuer => issuer.IsSample).OrderBy(issuer => issuer.Id.Value)
            .Select(issuer => $"Issuer {issuer.Id} is a sample: replace it with PUT /v1/issuers/{issuer.Id} before you issue documents.")
            .ToImmutableArray();
    }, cancellation);

    /// <summary>
    /// A link by which the first person comes to be, until there was one. Asked for last, by a node that answers already: what fails before
    /// prints none. Of several fronts each prints its own; the first that is followed ends them all.
    /// </summary>
    public static async Task<ImmutableArray<string>> FirstLink(PeopleDesk desk, Uri address, CancellationToken cancellation) =>
        await desk.FirstLink(cancellation) is { } link
            ? [$"Nobody can sign in yet. Whoever opens this link within {PeopleDesk.LinkLifetime.TotalHours:0} hours becomes the owner: {new Uri(address, WelcomePath.Of(link.Token))}"]
            : [];

    /// <summary>Creates the first key, for trying out, unless there is one; as late as the link.</summary>
    public Task<ImmutableArray<string>> CreateKey(CancellationToken cancellation) => Alone(async () =>
    {
        if (!first.HasFirstKey || (await _keys.List(default, 1, cancellation)).Count > 0) return [];
        var (_, plain) = await _keys.Create(OperatorName, RightNames.All, By, cancellation);
        return ImmutableArray.Create($"First API key, with every right, shown only now: {plain}");
    }, cancellation);

    private Task<ImmutableArray<string>> Alone(Func<Task<ImmutableArray<string>>> work, CancellationToken cancellation) =>
        AdvisoryLock.Alone(database, LockNumber, work, cancellation);
}
