using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;

namespace IspBilling.Http.Security;

/// <summary>What a key may do. Names are stored with keys and never renamed.</summary>
public static class Scopes
{
    public const string ClientsRead = "clients:read";
    public const string ClientsWrite = "clients:write";
    public const string Billing = "billing";
    public const string Payments = "payments";
    public const string Reports = "reports";
    public const string Settings = "settings";
    public const string Operator = "operator";

    public static readonly ImmutableArray<string> All = [ClientsRead, ClientsWrite, Billing, Payments, Reports, Settings, Operator];

    internal const string ClaimType = "scope";

    /// <summary>Each scope is an authorization policy of the same name.</summary>
    internal static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(scope);
}
