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

    /// <summary>204 when the account did what was asked, or it was so already.</summary>
    public async Task<IResult> Tell(HttpContext http, string reference, AccountCommand command, CancellationToken cancellation)
    {
        var (_, problem) = await Ask(http, reference, command, cancellation);
        return problem ?? TypedResults.NoContent();
    }

    /// <summary>As <see cref="Tell(HttpContext, string, Func{Faults, AccountCommand}, CancellationToken)"/>, of what may be out of date: 200 and whether it was.</summary>
    public async Task<IResult> Push(
        HttpContext http, string reference, Func<Faults, AccountCommand> read, CancellationToken cancellation)
    {
        var faults = new Faults();
        var command = read(faults);
        if (faults.Any) return faults.Problem();
        var (reply, problem) = await Ask(http, reference, command, cancellation);
        return problem ?? TypedResults.Ok(PushAnswer.Of(reply!));
    }

    private async Task<(AccountReply? Reply, IResult? Problem)> Ask(HttpContext http, string reference, AccountCommand command, CancellationToken cancellation)
    {
        if (await directory.Find(reference, cancellation) is not { } account) return (null, Problem.UnknownClient(reference));
        var reply = await accounts.Ask(account, CommandIdentity.Of(http).Envelope(command), cancellation);
        return (reply, AccountReplyProblem.Of(reply));
    }
}
