using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Checks;

/// <param name="Clients">How many were looked at.</param>
/// <param name="Last">Where to go on; null when all were looked at.</param>
public sealed record LookBeforeBilling(int Clients, IReadOnlyList<BillingCheckFinding> Findings, AccountId? Last);

/// <summary>What would go wrong in a run, before it does. Reads accounts as of their last commits and asks none of them.</summary>
public sealed class ChecksBeforeBilling(AccountReading reading, ClientDirectory directory, LiveContext contexts)
{
    /// <summary>Clients that one look takes in, however few of them have something wrong.</summary>
    private const int LookedMax = 5_000;

    /// <summary>Read from the database at a time.</summary>
    private const int ReadMax = 500;

    /// <summary>What is wrong with the issuers themselves, in words.</summary>
    /// <param name="issuer">Only this one; null for all.</param>
    public IReadOnlyList<string> OfProvider(IssuerId? issuer) =>
        [
            .. contexts.Settings.Issuers.Values.Where(one => issuer is null || one.Id == issuer).OrderBy(one => one.Id.Value)
                .SelectMany(one => AccountChecks.Of(one, contexts.Settings.VatRates)),
        ];

    /// <param name="through">The run's.</param>
    /// <param name="issuer">Only clients of this issuer; null for all.</param>
    /// <param name="check">Only findings of this kind; null for all.</param>
    /// <param name="max">Clients with findings at most.</param>
    public async Task<LookBeforeBilling> Look(
        AccountId after, DateOnly through, IssuerId? issuer, BillingCheck? check, int max, CancellationToken cancellation)
    {
        var context = contexts.Now().Context;
        var found = new List<(AccountState State, AccountChecks.Found[] Findings)>();
        var (looked, last) = (0, (AccountId?)null);
        for (var more = true; more;)
        {
            var page = await reading.After(after, issuer, ReadMax, cancellation);
            foreach (var snapshot in page)
            {
                looked++;
                after = snapshot.State.Id;
                var findings = AccountChecks.Of(snapshot, through, context).Where(one => check is null || one.Check == check).ToArray();
                if (findings.Length > 0) found.Add((snapshot.State, findings));
                if (found.Count == max) break;
            }

            var isFull = found.Count == max || (page.Count == ReadMax && looked >= LookedMax);
            if (isFull) last = after;
            more = !isFull && page.Count == ReadMax;
        }

        var names = await directory.ReferencesOf([.. found.Select(client => client.State.Id)], cancellation);
        return new LookBeforeBilling(
            looked,
            [.. found.SelectMany(client => client.Findings.Select(one => new BillingCheckFinding(
                names[client.State.Id], client.State.RequiredProfile.Name, one.Check, one.Service, one.Detail)))],
            last);
    }
}
