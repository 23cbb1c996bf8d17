using IspBilling.Access.Ring;
using IspBilling.Access.Rights;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Secrets;

/// <summary>A secret that somebody else gave us: a bank's token, a password of a server.</summary>
/// <example>{"secret":"0123456789012345678901234567890123456789012345678901234567890123","reason":"the bank's token was renewed"}</example>
/// <param name="Secret">1 to 8,000 characters; it is stored encrypted and shown to nobody.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record SecretRequest(string Secret, string? Reason = null);

/// <param name="Name">Such as <c>fio/2000145399</c>.</param>
/// <param name="ChangedBy">Who entered it last.</param>
public sealed record SecretView(string Name, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>Secrets of others. They can be entered, replaced and removed, and never read.</summary>
internal static class SecretEndpoints
{
    public static void MapSecrets(this RouteGroupBuilder v1)
    {
        var secrets = v1.MapGroup("/secrets").WithTags("Secrets");
        secrets.MapGet("", List).RequireRight(Right.ReadKeys).Named("listSecrets", "Which secrets of others there are, without what they are").Answers<IReadOnlyList<SecretView>>(200).MayFail();
        secrets.MapPut("/{name}", Put).RequireRight(Right.ManageKeys).WithMetadata(new CarriesSecret())
            .Named("putSecret", "Enters a secret of others, or another in its place; nobody can read it again").Answers(204).MayFail(400, 409);
        secrets.MapDelete("/{name}", Remove).RequireRight(Right.ManageKeys).Named("removeSecret", "Removes a secret").Answers(204).MayFail(400, 404);
    }

    private static async Task<Ok<IReadOnlyList<SecretView>>> List(SecretStore store, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<SecretView>>(
            [.. (await store.List("", SecretStore.Max, cancellation)).Select(secret => new SecretView(secret.Name, secret.ChangedAt, secret.ChangedBy))]);

    /// <param name="name">1 to 100 lower-case letters, digits, hyphens, dots and slashes, a slash escaped as %2F.</param>
    private static async Task<IResult> Put(string name, SecretRequest request, HttpContext http, SecretStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (!SecretStore.IsName(name)) faults.Add("name", $"1 to {SecretStore.MaxNameLength} lower-case letters, digits, hyphens, dots and slashes");
        if (request.Secret.Length is 0 or > SecretStore.MaxLength) faults.Add("secret", $"1 to {SecretStore.MaxLength} characters");
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch: null, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        return await store.Put(name, request.Secret, author, cancellation)
            ? TypedResults.NoContent()
            : Problem.Of(StatusCodes.Status409Conflict, "too-many-secrets", $"There are {SecretStore.Max} secrets already.", "Remove one that is not used any more.");
    }

    /// <param name="name">As it was entered.</param>
    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static async Task<IResult> Remove(string name, string? reason, HttpContext http, SecretStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, reason, ifMatch: null, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        return SecretStore.IsName(name) && await store.Remove(name, author, cancellation) ? TypedResults.NoContent() : Problem.Unknown($"There is no secret {name}.");
    }
}
