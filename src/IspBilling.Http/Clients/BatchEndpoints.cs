using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Contract;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using IspBilling.Postgres.Reading;
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
        v1.MapPost("/clients:batch", Push).WithMetadata(new BodyLimit(limits.BatchBytes)).WithTags("Clients").RequireRight(Right.WriteClients)
            .Named("pushClients", "Pushes up to 1,000 clients with their contracts and services, with an outcome for each").Answers<BatchReport>(200).MayFail(400);

    /// <remarks>
    /// Each client is a request of its own: one that is refused keeps no other from being stored. When the answer is lost or a part of the engine
    /// is away, the same batch may be sent again: what is stored already stays as it is.
    /// </remarks>
    private static async Task<IResult> Push(
        ClientBatch request, HttpContext http, ClientDirectory directory, ClientPush push, IAccounts accounts, AccountReading reading,
        LiveContext contexts, CancellationToken cancellation)
    {
        var faults = new Faults();
        request.Check(faults);
        if (faults.Any) return faults.Problem();

        var known = await directory.Find([.. request.Clients.Select(client => client.Reference)], cancellation);
        var existing = await reading.Existing(known.Values, cancellation);
        var one = new OnePush(push, accounts, contexts.Settings.Catalogue, existing, CommandIdentity.Of(http));
        var repeats = Repeats(request.Clients.Select(client => client.Reference), "clients");
        var outcomes = new BatchedClientOutcome[request.Clients.Count];
        await Parallel.ForAsync(0, outcomes.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, token) =>
        {
            var client = request.Clients[i];
            outcomes[i] = repeats[i] is { } repeated
                ? OnePush.Refused(client, repeated)
                : await one.Push(client, known.TryGetValue(client.Reference, out var account) ? account : null, token);
        });
        return TypedResults.Ok(Report(outcomes));
    }

    /// <summary>
    /// Why a reference is refused where one like it came before: two commands about the same in one batch have no order, and one identity. Null
    /// for the first.
    /// </summary>
    private static IResult?[] Repeats(IEnumerable<string> references, string list)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. references.Select((reference, i) => first.TryAdd(CallerReference.Normal(reference), i)
            ? null
            : Problem.Invalid("reference", $"{list}[{first[CallerReference.Normal(reference)]}] has this reference; each once"))];
    }

    private static BatchReport Report(BatchedClientOutcome[] outcomes)
    {
        var refused = outcomes.Count(WasRefused);
        return new BatchReport(
            outcomes.Count(outcome => outcome.Outcome == PushOutcome.Created && !WasRefused(outcome)),
            outcomes.Count(outcome => outcome.Outcome is PushOutcome.Done or PushOutcome.Stale && !WasRefused(outcome)),
            refused, outcomes);

        static bool WasRefused(BatchedClientOutcome client) =>
            client.Outcome == PushOutcome.Refused || client.Services.Any(service => service.Outcome == PushOutcome.Refused)
            || client.Contracts.Any(contract => contract.Outcome == PushOutcome.Refused);
    }

    /// <summary>Pushes one client of a batch, then their contracts and services.</summary>
    private sealed class OnePush(
        ClientPush push, IAccounts accounts, TariffCatalogue catalogue, IReadOnlySet<AccountId> existing, CommandIdentity batch)
    {
        public async Task<BatchedClientOutcome> Push(BatchedClient client, AccountId? known, CancellationToken cancellation)
        {
            var (account, outcome, problem) = client.Client is { } request
                ? await Put(client.Reference, request, known, cancellation)
                : Known(client.Reference, known);
            if (account is not { } found) return Refused(client, problem!);
            // Contracts first: a service may name one of the same batch.
            var contracts = await Each(client.Contracts ?? [], contract => contract.Reference, "contracts", async contract =>
                await Tell(found, $"{client.Reference}\ncontract\n{contract.Reference}", faults => contract.Contract.Read(contract.Reference, faults), cancellation));
            var services = await Each(client.Services ?? [], service => service.Reference, "services", async service =>
                await Tell(found, $"{client.Reference}\n{service.Reference}", faults => service.Service.Read(service.Reference, catalogue, faults), cancellation));
            return new BatchedClientOutcome(
                client.Reference, outcome, null,
                [.. services.Select(service => new BatchedServiceOutcome(service.Reference, service.Outcome, service.Problem))],
                [.. contracts.Select(contract => new BatchedContractOutcome(contract.Reference, contract.Outcome, contract.Problem))]);
        }

        public static BatchedClientOutcome Refused(BatchedClient client, IResult problem) => new(
            client.Reference, PushOutcome.Refused, PushProblem.Of(problem),
            [.. (client.Services ?? []).Select(service => new BatchedServiceOutcome(service.Reference, PushOutcome.NotTried, null))],
            [.. (client.Contracts ?? []).Select(contract => new BatchedContractOutcome(contract.Reference, PushOutcome.NotTried, null))]);

        /// <summary>One after another, as they were sent; what repeats a reference is refused.</summary>
        private static async Task<List<(string Reference, PushOutcome Outcome, PushProblem? Problem)>> Each<T>(
            IReadOnlyList<T> asked, Func<T, string> reference, string list, Func<T, Task<(PushOutcome Outcome, PushProblem? Problem)>> push)
        {
            var repeats = Repeats(asked.Select(reference), list);
            var outcomes = new List<(string Reference, PushOutcome Outcome, PushProblem? Problem)>(asked.Count);
            for (var i = 0; i < asked.Count; i++)
            {
                var (outcome, problem) = repeats[i] is { } repeated ? (PushOutcome.Refused, PushProblem.Of(repeated)) : await push(asked[i]);
                outcomes.Add((reference(asked[i]), outcome, problem));
            }

            return outcomes;
        }

        private (AccountId? Account, PushOutcome Outcome, IResult? Problem) Known(string reference, AccountId? known) =>
            known is { } account && existing.Contains(account) ? (known, PushOutcome.Done, null) : (null, PushOutcome.Refused, Problem.UnknownClient(reference));

        private async Task<(AccountId? Account, PushOutcome Outcome, IResult? Problem)> Put(
            string reference, ClientRequest request, AccountId? known, CancellationToken cancellation)
        {
            var (profile, faults) = await push.Read(request, known, cancellation);
            if (known is null) faults.NewReference("reference", reference);
            if (faults.Any) return (null, PushOutcome.Refused, faults.Problem());
            var (account, reply, refusal) = await push.Put(reference, profile, request.Revision, known, batch.Of(reference), cancellation);
            refusal ??= AccountReplyProblem.Of(reply!);
            return refusal is not null ? (null, PushOutcome.Refused, refusal)
                : reply is Stale ? (account, PushOutcome.Stale, null)
                : (account, reply is ClientCreated ? PushOutcome.Created : PushOutcome.Done, null);
        }

        /// <param name="part">Names the command within the batch.</param>
        private async Task<(PushOutcome Outcome, PushProblem? Problem)> Tell(
            AccountId account, string part, Func<Faults, AccountCommand> read, CancellationToken cancellation)
        {
            var faults = new Faults();
            var command = read(faults);
            if (faults.Any) return (PushOutcome.Refused, PushProblem.Of(faults.Problem()));
            var reply = await accounts.Ask(account, batch.Of(part).Envelope(command), cancellation);
            return AccountReplyProblem.Of(reply) is { } problem
                ? (PushOutcome.Refused, PushProblem.Of(problem))
                : (reply is Stale ? PushOutcome.Stale : PushOutcome.Done, null);
        }
    }
}
