using System.Text.Json;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Http.Keys;
using IspBilling.Http.BillingRuns;
using IspBilling.Http.Catalogue;
using IspBilling.Http.Clients;
using IspBilling.Http.Contract;
using IspBilling.Http.Dunning;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Http.Services;
using IspBilling.Http.Statements;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>The API's JSON, as its endpoints read it but without the network: every input is tried as every kind of request.</summary>
public static class RequestFuzz
{
    /// <summary>What the serializer and its exceptions cost, once for each kind of request.</summary>
    private const long FixedBytes = 1024 * 1024;

    /// <summary>A hundred for each kind: a name that is no UTF-8 is quoted in the exception several times over.</summary>
    private const int BytesPerByte = 1_600;
    private const string Reference = "F1";

    private static readonly JsonSerializerOptions Json = Strict();
    private static readonly TariffCatalogue Catalogue = TariffCatalogue.Of(1, DemoProvider.Tariffs);

    private static readonly Action<byte[], Faults>[] Readers =
    [
        Reader<ClientRequest>((request, faults) => request.Read(faults, stored: null)),
        Reader<ClientBatch>((request, faults) => request.Check(faults)),
        Reader<ServiceRequest>((request, faults) => request.Read(Reference, Catalogue, faults)),
        Reader<PauseRequest>((request, faults) => request.Read(Reference, Reference, faults)),
        Reader<SpecialPriceRequest>((request, faults) => request.Read(Reference, Reference, faults)),
        Reader<OneOffRequest>((request, faults) => request.Read(Reference, faults)),
        Reader<TariffRequest>((request, faults) => request.Read(Reference, faults)),
        Reader<IssuerRequest>((request, faults) => request.Read(IssuerId.Default, before: null, faults)),
        Reader<DunningPolicyRequest>((request, faults) => request.Read(faults, [Currency.Czk])),
        Reader<RestoreRequest>((request, faults) => faults.Text("reason", request.Reason)),
        Reader<PromiseRequest>((request, faults) => faults.Date("until", request.Until)),
        Reader<DisputeRequest>((request, faults) => faults.Text("reason", request.Reason)),
        Reader<ExemptionRequest>((request, faults) => faults.Text("reason", request.Reason)),
        Reader<RunRequest>((request, faults) => request.Check(faults)),
        Reader<AssignRequest>((request, faults) => faults.Reference("client", request.Client)),
        Reader<SplitRequest>((request, faults) => _ = request.Parts.Select((part, i) => faults.Amount($"parts[{i}]", part.Amount)).ToList()),
        Reader<UnassignRequest>((request, faults) => faults.Text("reason", request.Reason)),
        Reader<ApiKeyRequest>((request, faults) => request.Check(faults)),
    ];

    public static Task<FuzzReport> Run(int inputs, int seed, Action<long>? progress, CancellationToken cancellation) =>
        new FuzzRun("requests in JSON", FixedBytes, BytesPerByte).Execute(new Mutator(RequestSamples.Bodies, seed), inputs, Read, progress, cancellation);

    public static FuzzEnd Read(byte[] input)
    {
        var end = FuzzEnd.Refused;
        foreach (var reader in Readers)
        {
            try
            {
                var faults = new Faults();
                reader(input, faults);
                if (!faults.Any) end = FuzzEnd.Accepted;
            }
            catch (JsonException)
            {
                // The documented refusal: the endpoint answers 400 with field and reason.
            }
        }

        return end;
    }

    /// <summary>Null for a body is refused by the endpoint before the request is looked at.</summary>
    private static Action<byte[], Faults> Reader<T>(Action<T, Faults> read) where T : class => (input, faults) =>
    {
        if (JsonSerializer.Deserialize<T>(input, Json) is { } request) read(request, faults);
        else faults.Add("body", "is missing");
    };

    private static JsonSerializerOptions Strict()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        StrictJson.Apply(json);
        return json;
    }
}
