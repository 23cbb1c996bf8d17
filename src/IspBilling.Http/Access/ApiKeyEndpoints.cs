using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Access;

/// <summary>A key to be made.</summary>
/// <example>{"name":"crm","scopes":["clients:read","clients:write"]}</example>
/// <param name="Name">Whose it is; no other key may have it, since the journal tells by it who asked.</param>
public sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Scopes)
{
    public void Check(Faults faults)
    {
        faults.Text("name", Name, ApiKeyStore.MaxNameLength);
        if (Scopes.Count == 0) faults.Add("scopes", "at least one");
        for (var i = 0; i < Scopes.Count; i++)
        {
            if (!Security.Scopes.All.Contains(Scopes[i])) faults.Add($"scopes[{i}]", $"one of {string.Join(", ", Security.Scopes.All)}");
        }
    }
}

/// <param name="Key">Shown now and never again.</param>
public sealed record CreatedApiKey(int Id, string Name, IReadOnlyList<string> Scopes, string Key);

public sealed record ApiKeyView(int Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Keys of the people and machines that may ask the engine.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder v1)
    {
        var keys = v1.MapGroup("/api-keys").WithTags("API keys").RequireScope(Scopes.Operator);
        keys.MapPost("", Create).Named("createApiKey", "Creates a key; it is shown once").Answers<CreatedApiKey>(201).MayFail(400, 409);
        keys.MapGet("", List).Named("listApiKeys", "All keys, without their secret").Answers<Page<ApiKeyView>>(200).MayFail(400);
        keys.MapDelete("/{id:int}", Revoke).Named("revokeApiKey", "Ends a key; it is refused everywhere within seconds").Answers(204).MayFail(404);
    }

    private static async Task<IResult> Create(ApiKeyRequest request, HttpContext http, ApiKeyStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        if (IdempotencyKey.Of(http.Request) is not null) faults.Add(IdempotencyKey.Header, "a key is shown once, so this request cannot be repeated");
        if (faults.Any) return faults.Problem();
        try
        {
            return Shown(await store.Create(request.Name.Trim(), [.. request.Scopes.Distinct(StringComparer.Ordinal)], clock.GetUtcNow(), cancellation));
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
        return TypedResults.Created($"/v1/api-keys/{key.Id.Value}", new CreatedApiKey(key.Id.Value, key.Name, key.Scopes, plain));
    }

    private static async Task<IResult> List(string? cursor, int? limit, ApiKeyStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Paging<int>.Read(cursor, limit, faults) is not { } paging) return faults.Problem();
        var keys = await store.List(new ApiKeyId(paging.After ?? 0), paging.Asked, cancellation);
        return TypedResults.Ok(paging.Of(keys, key => key.Id.Value, key => new ApiKeyView(key.Id.Value, key.Name, key.Scopes, key.CreatedAt, key.RevokedAt)));
    }

    private static async Task<IResult> Revoke(
        int id, ApiKeyStore store, KnownKeys known, IEnumerable<ISettingsAudience> audience, TimeProvider clock, CancellationToken cancellation)
    {
        if (!await store.Revoke(new ApiKeyId(id), clock.GetUtcNow(), cancellation)) return Problem.Unknown($"There is no key {id}.");
        known.Forget();
        foreach (var listener in audience) await listener.Changed(cancellation);
        return TypedResults.NoContent();
    }
}
