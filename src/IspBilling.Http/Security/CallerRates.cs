using System.Globalization;
using System.Threading.RateLimiting;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Security;

/// <summary>
/// How often each caller may ask: a key and a person by what they are, whoever is neither by the address. One that asks too often waits and
/// takes nothing from the others. Each node counts for itself.
/// </summary>
internal static class CallerRates
{
    private const string SignIn = "sign-in";
    private const int PeriodsPerSecond = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.0 / PeriodsPerSecond);
    private static readonly TimeSpan SignInPeriod = TimeSpan.FromMinutes(1);

    /// <summary>Bursts a caller may have saved up, in seconds of its rate.</summary>
    private const int SavedSeconds = 4;

    private readonly record struct Source(ActorKind? Kind, string Id);

    public static void AddCallerRates(this IServiceCollection services, HttpLimits limits) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problem.TooOften().ExecuteAsync(rejected.HttpContext);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Source>(http =>
        {
            var source = SourceOf(http);
            var rate = source.Kind is null ? limits.StrangerRequestsPerSecond : limits.RequestsPerSecond;
            return RateLimitPartition.GetTokenBucketLimiter(source, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = rate * SavedSeconds, TokensPerPeriod = Math.Max(1, rate / PeriodsPerSecond), ReplenishmentPeriod = Period, QueueLimit = 0,
            });
        });

        // Comparing a password costs a tenth of a second of a core on purpose; a stranger is not to spend many of ours.
        options.AddPolicy(SignIn, http => RateLimitPartition.GetTokenBucketLimiter(Address(http), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.SignInsPerMinute, TokensPerPeriod = limits.SignInsPerMinute, ReplenishmentPeriod = SignInPeriod, QueueLimit = 0,
        }));
    });

    /// <summary>Asked for a password or a link: as often as <see cref="HttpLimits.SignInsPerMinute"/> from one address.</summary>
    public static TBuilder AsRarelyAsSignIns<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.RequireRateLimiting(SignIn);

    private static Source SourceOf(HttpContext http) =>
        http.User.Identity is CallerIdentity { Caller.By: var actor } ? new Source(actor.Kind, actor.Id) : new Source(null, Address(http));

    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";
}
