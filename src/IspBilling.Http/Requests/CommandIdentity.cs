using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Requests;

/// <summary>Under which id, and in whose name, a request's command goes to its account.</summary>
/// <param name="Id">Derived from caller and idempotency key, so that a repeated request is a repeated command; random without one.</param>
public readonly record struct CommandIdentity(Guid Id, Actor By)
{
    public static CommandIdentity Of(HttpContext http)
    {
        var caller = Caller.Of(http.User);
        var id = IdempotencyKey.Of(http.Request) is { } key
            ? CommandIds.Derive("http", string.Create(CultureInfo.InvariantCulture, $"{caller.Number.Value}/{key}")).Value
            : Guid.NewGuid();
        return new CommandIdentity(id, caller.By);
    }

    /// <summary>The identity of one of several commands that a request stands for.</summary>
    /// <param name="part">Names the command among them.</param>
    public CommandIdentity Of(string part) => this with { Id = CommandIds.Derive("http-part", $"{Id:n}/{part}").Value };

    public Envelope Envelope(AccountCommand command) => new(new CommandId(Id), command, By);
}
