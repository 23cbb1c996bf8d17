using IspBilling.Access.Rights;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Security;

/// <summary>Who may call an endpoint. Each endpoint declares exactly one need; a test refuses one without.</summary>
public enum Need
{
    /// <summary>Whoever has the right.</summary>
    Right,

    /// <summary>A person who is signed in, about what is their own.</summary>
    Person,

    /// <summary>Anybody with a key or a session.</summary>
    Caller,

    /// <summary>Also strangers.</summary>
    Nobody,
}

/// <summary>What an endpoint declares of its callers.</summary>
/// <param name="Right">Null unless a right is needed.</param>
public sealed record EndpointNeed(Need Need, Right? Right = null)
{
    /// <summary>For the endpoint's description.</summary>
    internal string? Told => Need switch
    {
        Need.Right => $"Needs the right `{RightNames.Of(Right!.Value)}`.",
        Need.Person => "For a person who is signed in.",
        _ => null,
    };
}

/// <summary>How endpoints declare what they need.</summary>
public static class EndpointNeeds
{
    private const string PersonPolicy = "person";
    private const string CallerPolicy = "caller";

    public static TBuilder RequireRight<TBuilder>(this TBuilder endpoints, Right right) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(PolicyOf(right)).WithMetadata(new EndpointNeed(Need.Right, right));

    internal static TBuilder RequirePerson<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(PersonPolicy).WithMetadata(new EndpointNeed(Need.Person));

    internal static TBuilder RequireCaller<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(CallerPolicy).WithMetadata(new EndpointNeed(Need.Caller));

    internal static TBuilder OpenToAll<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AllowAnonymous().WithMetadata(new EndpointNeed(Need.Nobody));

    internal static void AddNeeds(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var right in RightSet.All) authorization.AddPolicy(PolicyOf(right), policy => policy.RequireAssertion(asked => Identity(asked)?.Rights.Has(right) is true));
        authorization.AddPolicy(PersonPolicy, policy => policy.RequireAssertion(asked => Identity(asked)?.Session is not null));
        authorization.AddPolicy(CallerPolicy, policy => policy.RequireAssertion(asked => Identity(asked) is not null));

        // Also what no endpoint serves asks who is there: a stranger learns nothing, not even what is missing.
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static CallerIdentity? Identity(AuthorizationHandlerContext asked) => asked.User.Identity as CallerIdentity;

    private static string PolicyOf(Right right) => $"right:{RightNames.Of(right)}";
}
