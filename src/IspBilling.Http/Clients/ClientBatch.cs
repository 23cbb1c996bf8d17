using IspBilling.Domain;
using IspBilling.Http.Problems;
using IspBilling.Http.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IspBilling.Http.Clients;

/// <summary>Clients with their contracts and services as the CRM has them, many at a time.</summary>
/// <example>
/// {"clients":[{"reference":"K000123","client":{"name":"Jan Novák","address":{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00"},"email":"jan@example.com"},"services":[{"reference":"S1","service":{"tariff":"HOME-300","start":"2026-12-01"}}]}]}
/// </example>
/// <param name="Clients">1 to 1,000; with 5,000 services and 5,000 contracts among them. Of several with one reference the first counts, and the others are refused.</param>
public sealed record ClientBatch(IReadOnlyList<BatchedClient> Clients)
{
    public const int MaxClients = 1_000;
    public const int MaxServices = 5_000;
    public const int MaxContracts = 5_000;

    public void Check(Faults faults)
    {
        if (Clients.Count is 0 or > MaxClients) faults.Add("clients", $"1 to {MaxClients} clients expected");
        if (Clients.Sum(client => client.Services?.Count ?? 0) > MaxServices) faults.Add("clients", $"at most {MaxServices} services in all expected");
        if (Clients.Sum(client => client.Contracts?.Count ?? 0) > MaxContracts) faults.Add("clients", $"at most {MaxContracts} contracts in all expected");
    }
}

/// <param name="Reference">The CRM's own.</param>
/// <param name="Client">The whole of the client; null leaves a known one as they are.</param>
/// <param name="Services">
/// To be created or changed; those that are not named stay as they are. Of several with one reference the first counts, and the others are refused.
/// </param>
/// <param name="Contracts">As <paramref name="Services"/>, and before them, so that a service may name a contract of the same batch.</param>
public sealed record BatchedClient(
    string Reference, ClientRequest? Client = null, IReadOnlyList<BatchedService>? Services = null, IReadOnlyList<BatchedContract>? Contracts = null);

/// <param name="Reference">The CRM's own, unique within the client.</param>
public sealed record BatchedContract(string Reference, ContractRequest Contract);

/// <param name="Reference">The CRM's own, unique within the client.</param>
public sealed record BatchedService(string Reference, ServiceRequest Service);

/// <summary>How the push of one client, service or contract ended.</summary>
public enum PushOutcome
{
    /// <summary>The client is new.</summary>
    Created,

    /// <summary>It is now as was pushed, or was so already.</summary>
    Done,

    /// <summary>Nothing was changed, because a newer revision came before.</summary>
    Stale,

    /// <summary>Nothing was changed; the problem says why.</summary>
    Refused,

    /// <summary>Not asked for, because the client was refused.</summary>
    NotTried,
}

/// <param name="Created">Clients that are new.</param>
/// <param name="Done">Known clients that are now as was pushed, or of whom something newer was known.</param>
/// <param name="Refused">Clients that were refused, or a service or contract of theirs was.</param>
/// <param name="Clients">In the order of the request.</param>
public sealed record BatchReport(int Created, int Done, int Refused, IReadOnlyList<BatchedClientOutcome> Clients);

public sealed record BatchedClientOutcome(
    string Reference, PushOutcome Outcome, PushProblem? Problem, IReadOnlyList<BatchedServiceOutcome> Services, IReadOnlyList<BatchedContractOutcome> Contracts);

public sealed record BatchedServiceOutcome(string Reference, PushOutcome Outcome, PushProblem? Problem);

public sealed record BatchedContractOutcome(string Reference, PushOutcome Outcome, PushProblem? Problem);

/// <summary>Why a part of a push was refused: what the same request alone would have answered.</summary>
/// <param name="Status">Of that answer.</param>
/// <param name="Type">As in a problem's <c>type</c>.</param>
/// <param name="Errors">By field, what was expected; null unless fields were wrong.</param>
public sealed record PushProblem(int Status, string Type, string Title, string? Detail, IReadOnlyDictionary<string, string[]>? Errors)
{
    internal static PushProblem Of(IResult problem)
    {
        var details = problem switch
        {
            ProblemHttpResult one => one.ProblemDetails,
            ValidationProblem fields => fields.ProblemDetails,
            _ => throw new InvariantBrokenException($"{problem.GetType().Name} is no problem"),
        };
        return new PushProblem(
            details.Status ?? StatusCodes.Status400BadRequest, details.Type ?? "", details.Title ?? "", details.Detail,
            (details as HttpValidationProblemDetails)?.Errors.AsReadOnly());
    }
}
