using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Clients;

/// <summary>Brings a client's particulars to what the CRM says.</summary>
internal sealed class ClientPush(IAccounts accounts, AccountReading reading, ClientDirectory directory, SymbolUse symbols, LiveContext contexts)
{
    /// <summary>
    /// Reads what is pushed. Particulars that would be refused today are accepted where they already stand, so that a client who was stored
    /// before a rule existed is not kept from other changes; the checks before billing list them.
    /// </summary>
    /// <param name="account">Null when nobody is known by the reference.</param>
    public async Task<(AccountProfile Profile, Faults Faults)> Read(ClientRequest request, AccountId? account, CancellationToken cancellation)
    {
        var faults = new Faults();
        var profile = request.Read(faults, stored: null);
        if (!faults.Any || account is not { } known || (await reading.Find(known, cancellation))?.State.Profile is not { } stored) return (profile, faults);
        faults = new Faults();
        return (request.Read(faults, stored), faults);
    }

    /// <summary>The particulars of a client that there is.</summary>
    public async Task<AccountProfile> Stored(AccountId account, CancellationToken cancellation) =>
        (await reading.Find(account, cancellation))?.State.RequiredProfile ?? throw new InvariantBrokenException($"account {account} has answered and is not stored");

    /// <summary>Makes the client where nobody is known by the reference.</summary>
    /// <remarks>
    /// A reference has an account before the account agrees to anything, so that the directory does not tell whether there is a client: the
    /// account's reply does.
    /// </remarks>
    /// <returns>The account and its reply, or why nobody was asked.</returns>
    public async Task<(AccountId? Account, AccountReply? Reply, IResult? Problem)> Put(
        string reference, AccountProfile profile, long? revision, AccountId? known, CommandIdentity identity, CancellationToken cancellation)
    {
        await using var claim = await symbols.Claim(profile.Issuer, profile.AccountSymbol, known, contexts.Today, cancellation);
        if (claim.UsedBy is { } user)
        {
            return (null, null, Problem.Of(
                StatusCodes.Status409Conflict, "symbol-in-use", "The variable symbol is in use.", $"Payments with symbol {profile.AccountSymbol} are those of {user}."));
        }

        if (claim.IsNumber)
        {
            return (null, null, Problem.Invalid(
                "symbol-is-document-number", "The variable symbol is to be the number of an invoice.",
                $"{profile.AccountSymbol} lies among the numbers that invoices get in this year or one of the next {SeriesKey.YearsKeptFree}, and the number is the "
                    + "symbol of its payment; up to eight digits are always free",
                "accountSymbol"));
        }

        var account = known ?? await directory.GetOrCreate(reference, cancellation);
        return (account, await accounts.Ask(account, identity.Envelope(new SetProfile(profile, revision)), cancellation), null);
    }
}
