using IspBilling.Access.Rights;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Keys;

/// <summary>A key to be made.</summary>
/// <example>{"name":"crm","scopes":["clients:read","clients:write"]}</example>
/// <param name="Name">Whose it is; no other key may have it, since the journal tells by it who asked.</param>
/// <param name="Scopes">
/// Rights, or scopes, which stand for rights that belong together: <c>clients:read</c>, <c>clients:write</c>, <c>billing</c>, <c>payments</c>,
/// <c>reports</c>, <c>settings</c>, <c>operator</c>. None that whoever makes the key lacks.
/// </param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Scopes, string? Reason = null)
{
    public void Check(Faults faults)
    {
        faults.Text("name", Name, ApiKeyStore.MaxNameLength);
        if (Scopes.Count is 0 or > ApiKeyStore.MaxScopes) faults.Add("scopes", $"1 to {ApiKeyStore.MaxScopes} expected");
        for (var i = 0; i < Scopes.Count; i++)
        {
            if (RightNames.Find(Scopes[i]) is null) faults.Add($"scopes[{i}]", $"one of {string.Join(", ", RightNames.Words)}");
        }
    }
}

/// <param name="Key">Shown now and never again.</param>
public sealed record CreatedApiKey(int Id, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<Right> Rights, string Key);

/// <param name="Scopes">As they were asked for.</param>
/// <param name="Rights">What they mean.</param>
public sealed record ApiKeyView(int Id, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<Right> Rights, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Keys of the people and machines that may ask the engine.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder v1)
    {
        var keys = v1.MapGroup("/api-keys").WithTags("API keys");
        keys.MapPost("", Create).RequireRight(Right.ManageKeys).WithMetadata(new CarriesSecret()).Named("createApiKey", "Creates a key; it is shown once").Answers<CreatedApiKey>(201).MayFail(400, 409);
        keys.MapGet("", List).RequireRight(Right.ReadKeys).Named("listApiKeys", "All keys, without their secret").Answers<Page<ApiKeyView>>(200).MayFail(400);
        keys.MapDelete("/{id:int}", Revoke).RequireRight(Right.ManageKeys).Named("revokeApiKey", "Ends a key; it is refused everywhere within seconds").Answers(204).MayFail(400, 404);
    }

    private static async Task<IResult> Create(ApiKeyRequest request, HttpContext http, ApiKeyStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        var author = SettingAuthor.Read(http, clock, request.Reason, ifMatch: null, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        if (!CallerIdentity.Of(http.User).Rights.Covers(RightNames.Read(request.Scopes))) return Problem.BeyondOwnRights();
        try
        {
            return Shown(await store.Create(request.Name.Trim(), [.. request.Scopes.Distinct(StringComparer.Ordinal)], author, cancellation));
        }
        catch (ApiKeyNameTakenException)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "name-taken", "A key has this name, or had it.", "The journal tells by a key's name who asked: give each key one of its own.");
        }
    }

    private static Created<CreatedApiKey> Shown((ApiKey Key, string Plain) created)
    {
        var (key, plain) = created;
        return TypedResults.Created($"/v1/api-keys/{key.Id.Value}", new CreatedApiKey(key.Id.Value, key.Name, key.Scopes, [.. RightNames.Read(key.Scopes)], plain));
    }

    private static async Task<IResult> List(string? cursor, int? limit, ApiKeyStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<int>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var keys = await store.List(new ApiKeyId(paging.After ?? 0), paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(keys, key => key.Id.Value, key => new ApiKeyView(key.Id.Value, key.Name, key.Scopes, [.. RightNames.Read(key.Scopes)], key.CreatedAt, key.RevokedAt)));
    }

    /// <param name="reason">Why, for whoever asks later; at most 500 characters.</param>
    private static async Task<IResult> Revoke(
        int id, string? reason, HttpContext http, ApiKeyStore store, KnownKeys known, IEnumerable<ISettingsAudience> audience, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        var author = SettingAuthor.Read(http, clock, reason, ifMatch: null, whyNeeded: null, faults);
        if (faults.Any) return faults.Problem();
        if (!await store.Revoke(new ApiKeyId(id), author, cancellation)) return Problem.Unknown($"There is no key {id}.");
        known.Forget();
        foreach (var listener in audience) await listener.Changed(cancellation);
        return TypedResults.NoContent();
    }
}
