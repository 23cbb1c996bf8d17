using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Mail;

/// <summary>What became of a mail.</summary>
public enum ReturnType
{
    /// <summary>It came back for good, and its address is the reason.</summary>
    Hard,

    /// <summary>It came back for a reason that may pass: a full mailbox, a server that was away too long.</summary>
    Soft,

    /// <summary>It has not arrived yet.</summary>
    Delayed,

    /// <summary>Its receiver complained of it.</summary>
    Complaint,

    /// <summary>It came back; what kind it is follows from the status.</summary>
    Bounce,
}

/// <summary>Mails that came back, as a service that sends for an issuer tells it.</summary>
/// <example>{"returns":[{"mail":"bounce+42-17-1-0123456789abcdef0123@bounces.provider.example","type":"hard","status":"5.1.1","reason":"no such user","recipient":"eva@example.net"}]}</example>
/// <param name="Returns">1 to 1000.</param>
public sealed record MailReturnsRequest(IReadOnlyList<MailReturnRequest> Returns);

/// <param name="Mail">The address that the mail was sent from (<c>bounce+…</c>), its envelope id or its <c>Message-ID</c>. One that is not ours is counted and changes nothing.</param>
/// <param name="Status">By RFC 3463, such as <c>5.1.1</c>; needed by the type <c>bounce</c>.</param>
/// <param name="Reason">What the server said.</param>
/// <param name="Recipient">To whom the mail had gone; when the client has another address by now, that one is not marked.</param>
public sealed record MailReturnRequest(string Mail, ReturnType Type, string? Status = null, string? Reason = null, string? Recipient = null);

/// <summary>What was made of returned mails, in their order.</summary>
public sealed record MailReturnsAnswer(IReadOnlyList<ReturnEnding> Endings);

/// <summary>How returned mails of an issuer come back.</summary>
/// <param name="Address">Where a service that sends for the issuer tells of returned mails; whole mails go to <c>/message</c> below it. Null while nobody from outside reaches this installation.</param>
/// <param name="LookedAt">When the mailbox was looked into last; null where it never was.</param>
/// <param name="Problem">What was wrong then; null when nothing.</param>
/// <param name="Counts">Of all issuers, by day, where reports came from and what was made of them; the newest first.</param>
public sealed record MailReturnsView(string? Address, DateTimeOffset? LookedAt, string? Problem, IReadOnlyList<ReturnCount> Counts);

/// <summary>Why a mark is taken off a client's e-mail address.</summary>
/// <example>{"reason":"wrote to us from it today"}</example>
public sealed record ClearEmailMarkRequest(string Reason);

/// <summary>Where services tell of returned mails, and what people see and do about them.</summary>
internal static class ReturnEndpoints
{
    private const int MaxReturns = 1_000;
    private const int MaxToken = 200;
    private const int MaxText = 500;
    private const int MaxJson = 1024 * 1024;
    private const int MaxCounts = 200;

    /// <summary>Of a mail; what is returned whole at its end is not read.</summary>
    private const int MaxMail = 30 * 1024 * 1024;

    private const string Source = "webhook";

    public static void MapReturns(this RouteGroupBuilder v1)
    {
        var told = v1.MapGroup("/receipts/mail/{token}").WithTags("Messages").OpenToAll();
        told.MapPost("", Take).WithMetadata(new BodyLimit(MaxJson))
            .Named("takeMailReturns", "A service that sends mails tells which came back, at an address that only it was given").Answers<MailReturnsAnswer>(200).MayFail(400, 404);
        told.MapPost("/message", TakeMessage).WithMetadata(new MessageBody(MaxMail))
            .Named("takeReturnedMessage", "As takeMailReturns, with the report itself: a mail by RFC 3464 or RFC 5965").Answers<MailReturnsAnswer>(200).MayFail(404);
        v1.MapGet("/issuers/{issuer:int}/mail-returns", Get).WithTags("Channels").RequireRight(Right.ReadSettings)
            .Named("getMailReturns", "How returned mails come back: the address for services, the last look into the mailbox, and counts").Answers<MailReturnsView>(200).MayFail(404);
        v1.MapPost("/clients/{reference}/email-mark/clear", Clear).WithTags("Messages").RequireRight(Right.HandleDebts)
            .Named("clearEmailMark", "Takes the mark off a client's e-mail address: mails arrive there, and are wanted").Answers(204).MayFail(400, 404, 409);
    }

    private static async Task<IResult> Take(string token, MailReturnsRequest request, ReturnAddresses addresses, ReturnIntake intake, CancellationToken cancellation)
    {
        if (token.Length > MaxToken || await addresses.Read(token, cancellation) is not { } issuer) return Problem.Unknown("Nothing is told at this address.");
        var faults = new Faults();
        if (request.Returns.Count is 0 or > MaxReturns) faults.Add("returns", $"1 to {MaxReturns} expected");
        var told = faults.Any ? [] : request.Returns.Select((one, i) => Read(one, $"returns[{i}]", faults)).ToList();
        if (faults.Any) return faults.Problem();
        var endings = new List<ReturnEnding>(told.Count);
        foreach (var one in told) endings.Add(await intake.Take(issuer, one, Source, cancellation));
        return TypedResults.Ok(new MailReturnsAnswer(endings));
    }

    private static ToldReturn Read(MailReturnRequest request, string field, Faults faults)
    {
        var mail = faults.Text($"{field}.mail", request.Mail, MaxText);
        var status = faults.OptionalText($"{field}.status", request.Status, MaxText);
        var reason = faults.OptionalText($"{field}.reason", request.Reason, MaxText);
        var recipient = faults.OptionalText($"{field}.recipient", request.Recipient, MaxText);
        var code = MailStatus.In(status);
        if (status is not null && code is null) faults.Add($"{field}.status", "a status by RFC 3463 such as 5.1.1 expected");
        var kind = request.Type switch
        {
            ReturnType.Hard => MailReturnKind.Hard,
            ReturnType.Soft => MailReturnKind.Soft,
            ReturnType.Delayed => MailReturnKind.Delayed,
            ReturnType.Complaint => MailReturnKind.Complaint,
            _ => MailStatus.OfFailure(code ?? MailStatus.Unspecified),
        };
        if (request.Type == ReturnType.Bounce && code is null) faults.Add($"{field}.status", "needed by the type bounce");
        return new ToldReturn(mail, kind, code ?? request.Type.ToString(), reason ?? $"told as {request.Type}", recipient is null ? [] : [recipient]);
    }

    private static async Task<IResult> TakeMessage(string token, HttpContext http, ReturnAddresses addresses, ReturnIntake intake, CancellationToken cancellation)
    {
        if (token.Length > MaxToken || await addresses.Read(token, cancellation) is not { } issuer) return Problem.Unknown("Nothing is told at this address.");
        using var start = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (start.Length < ReturnIntake.MaxBytes && await http.Request.Body.ReadAsync(buffer, cancellation) is > 0 and var read)
            start.Write(buffer, 0, (int)Math.Min(read, ReturnIntake.MaxBytes - start.Length));
        while (await http.Request.Body.ReadAsync(buffer, cancellation) > 0)
        {
            // Read to its end, so that the caller hears the answer.
        }

        start.Position = 0;
        return TypedResults.Ok(new MailReturnsAnswer([await intake.Take(issuer, start, Source, cancellation)]));
    }

    private static async Task<IResult> Get(
        int issuer, ReturnAddresses addresses, IMailReturns returns, IMailboxLeases mailboxes, LiveContext contexts, CancellationToken cancellation)
    {
        var id = new IssuerId(issuer);
        if (!contexts.Now().Context.Issuers.ContainsKey(id)) return Problem.Unknown($"There is no issuer {issuer}.");
        var look = await mailboxes.Last(id, cancellation);
        return TypedResults.Ok(new MailReturnsView(await addresses.Of(id, cancellation), look?.At, look?.Problem, await returns.Counts(MaxCounts, cancellation)));
    }

    private static Task<IResult> Clear(string reference, ClearEmailMarkRequest request, HttpContext http, AccountDesk desk, CancellationToken cancellation) =>
        desk.Tell(http, reference, faults => new ClearEmailMark(faults.Reason("reason", request.Reason)), cancellation);
}
