using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>Finds the account behind a client's reference and asks it.</summary>
public sealed class AccountDesk(IAccounts accounts, ClientDirectory directory)
{
    /// <summary>Reads the request, names everything that is wrong with it, and asks the account only when nothing is.</summary>
    public async Task<IResult> Tell(
        HttpContext http, string reference, Func<Faults, AccountCommand> read, CancellationToken cancellation)
    {
        var faults = new Faults();
        var command = read(faults);
        return faults.Any ? faults.Problem() : await Tell(http, reference, command, cancellation);
    }

    /// <summary>204 when the account did what was asked, or it was so already; 200 when what it was told is out of date.</summary>
    public async Task<IResult> Tell(HttpContext http, string reference, AccountCommand command, CancellationToken cancellation)
    {
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var reply = await accounts.Ask(account, CommandIdentity.Of(http).Envelope(command), cancellation);
        if (reply is Stale stale) return TypedResults.Ok(StaleAnswer.Of(stale));
        return AccountReplyProblem.Of(reply) ?? TypedResults.NoContent();
    }
}
