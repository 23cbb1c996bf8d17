using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Problems;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>Finds the account behind a client's reference and asks it.</summary>
public sealed class AccountDesk(IAccounts accounts, ClientDirectory directory)
{
    /// <summary>204 when the account did what was asked, or it was so already.</summary>
    public async Task<IResult> Tell(HttpContext http, string reference, AccountCommand command, CancellationToken cancellation)
    {
        if (await directory.Find(reference, cancellation) is not { } account) return Problem.UnknownClient(reference);
        var reply = await accounts.Ask(account, CommandIdentity.Of(http).Envelope(command), cancellation);
        return AccountReplyProblem.Of(reply) ?? TypedResults.NoContent();
    }
}
