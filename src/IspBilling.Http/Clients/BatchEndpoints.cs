using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Clients;

/// <summary>The CRM's first push and its nightly one.</summary>
internal static class BatchEndpoints
{
    /// <summary>Accounts asked at once: enough to fill a flight, few enough to leave others their turn.</summary>
    private const int AtOnce = 32;

    public static void MapClientBatch(this RouteGroupBuilder v1, HttpLimits limits) =>
        v1.MapPost("/clients:batch", Push).WithMetadata(new BodyLimit(limits.BatchBytes)).WithTags("Clients").RequireScope(Scopes.ClientsWrite)
            .Named("pushClients", "Pushes up to 1,000 clients and their services, with an outcome for each").Answers<BatchReport>(200).MayFail(400);

    /// <remarks>
    /// Each client is a request of its own: one that is refused keeps no other from being stored. When the answer is lost or a part of the engine
    /// is away, the same batch may be sent again: what is stored already stays as it is.
    /// </remarks>
    private static async Task<IResult> Push(
        ClientBatch request, HttpContext http, ClientDirectory directory, ClientPush push, IAccounts accounts, LiveContext contexts,
        CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        if (faults.Any) return faults.Problem();

        var known = await directory.Find([.. request.Clients.Select(client => client.Reference)], cancellation);
        var one = new OnePush(push, accounts, contexts.Settings.Catalogue, CommandIdentity.Of(http));
        var outcomes = new BatchedClientOutcome[request.Clients.Count];
        await Parallel.ForAsync(0, outcomes.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, token) =>
        {
            var client = request.Clients[i];
            outcomes[i] = await one.Push(client, known.TryGetValue(client.Reference, out var account) ? account : null, token);
        });
        return TypedResults.Ok(Report(outcomes));
    }

    private static BatchReport Report(BatchedClientOutcome[] outcomes)
    {
        var refused = outcomes.Count(WasRefused);
        return new BatchReport(
            outcomes.Count(outcome => outcome.Outcome == PushOutcome.Created && !WasRefused(outcome)),
            outcomes.Count(outcome => outcome.Outcome is PushOutcome.Done or PushOutcome.Stale && !WasRefused(outcome)),
            refused, outcomes);

        static bool WasRefused(BatchedClientOutcome client) =>
            client.Outcome == PushOutcome.Refused || client.Services.Any(service => service.Outcome == PushOutcome.Refused);
    }

    /// <summary>Pushes one client of a batch, then their services.</summary>
    private sealed class OnePush(ClientPush push, IAccounts accounts, TariffCatalogue catalogue, CommandIdentity batch)
    {
        public async Task<BatchedClientOutcome> Push(BatchedClient client, AccountId? known, CancellationToken cancellation)
        {
            var (account, outcome, problem) = client.Client is { } request
                ? await Put(client.Reference, request, known, cancellation)
                : Known(client.Reference, known);
            var services = new List<BatchedServiceOutcome>(client.Services?.Count ?? 0);
            foreach (var service in client.Services ?? [])
            {
                services.Add(account is { } found
                    ? await Put(client.Reference, found, service, cancellation)
                    : new BatchedServiceOutcome(service.Reference, PushOutcome.NotTried, null));
            }

            return new BatchedClientOutcome(client.Reference, outcome, problem is null ? null : PushProblem.Of(problem), services);
        }

        private static (AccountId? Account, PushOutcome Outcome, IResult? Problem) Known(string reference, AccountId? known) =>
            known is null ? (null, PushOutcome.Refused, Problem.UnknownClient(reference)) : (known, PushOutcome.Done, null);

        private async Task<(AccountId? Account, PushOutcome Outcome, IResult? Problem)> Put(
            string reference, ClientRequest request, AccountId? known, CancellationToken cancellation)
        {
            var (profile, faults) = await push.Read(request, known, cancellation);
            if (known is null) faults.Reference("reference", reference);
            if (faults.Any) return (null, PushOutcome.Refused, faults.Problem());
            var (account, reply, refusal) = await push.Put(reference, profile, request.Revision, known, batch.Of(reference), cancellation);
            refusal ??= AccountReplyProblem.Of(reply!);
            return refusal is not null ? (null, PushOutcome.Refused, refusal)
                : reply is Stale ? (account, PushOutcome.Stale, null)
                : (account, known is null ? PushOutcome.Created : PushOutcome.Done, null);
        }

        private async Task<BatchedServiceOutcome> Put(string client, AccountId account, BatchedService service, CancellationToken cancellation)
        {
            var faults = new Faults();
            var command = service.Service.Read(service.Reference, catalogue, faults);
            if (faults.Any) return new BatchedServiceOutcome(service.Reference, PushOutcome.Refused, PushProblem.Of(faults.Problem()));
            var reply = await accounts.Ask(account, batch.Of($"{client}\n{service.Reference}").Envelope(command), cancellation);
            return AccountReplyProblem.Of(reply) is { } problem
                ? new BatchedServiceOutcome(service.Reference, PushOutcome.Refused, PushProblem.Of(problem))
                : new BatchedServiceOutcome(service.Reference, reply is Stale ? PushOutcome.Stale : PushOutcome.Done, null);
        }
    }
}
