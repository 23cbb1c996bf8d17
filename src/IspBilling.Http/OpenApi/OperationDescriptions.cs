using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using IspBilling.Access.Rights;
using IspBilling.Http.Requests;
using IspBilling.Http.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>What every operation says beside its types: parameters and their bounds, uploads, headers, and the ways in which anything may fail.</summary>
internal sealed class OperationDescriptions(DocumentationComments comments) : IOpenApiOperationTransformer
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>Parameters that mean the same wherever they stand.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["reference"] = "The CRM's own reference of the client.",
        ["serviceReference"] = "The CRM's own reference of the service, unique within the client.",
        ["contractReference"] = "The CRM's own reference of the contract, unique within the client.",
        ["cursor"] = "What the page before ended with as `next`; left out, the list begins.",
        ["limit"] = $"Rows at most, 1 to {Paging.LimitMax}; {Paging.LimitDefault} when left out.",
        ["search"] = "What to look for; left out, everything is listed.",
        ["number"] = "Number of the document, as it is printed.",
        ["issuer"] = "Number of the issuer: documents are numbered by issuer. The first one when left out.",
        ["line"] = "Number of the line on the document, from 1.",
        ["code"] = "Code of the tariff.",
        ["id"] = "Which one.",
        ["from"] = "First day asked about; of a report by months, any day of the first month.",
        ["to"] = "Last day asked about; of a report by months, any day of the last month.",
        ["on"] = "The day asked about; today when left out.",
        ["state"] = "Only entries in this state.",
        ["outcome"] = "Only accounts that ended so.",
        ["ticket"] = "Of whoever keeps tickets, as notes name it.",
        ["group"] = "Group of clients, as clients name it.",
        ["reason"] = "Why; shown in the settings journal.",
        ["wait"] = "Only restrictions that wait for this.",
        ["occasion"] = "Why a client is written to: `document-invoice`, `reminder`, or `reminder:` with the code of a step.",
        ["channel"] = "Such as `email`.",
        ["language"] = "`cs`, `sk` or `en`.",
        ["token"] = "The last part of the address that the gateway, or the service that sends mails, was given.",
        ["If-Match"] = "The ETag that the setting was read with: its revision in quotes; \"0\" for one that does not exist yet. Whoever was overtaken is refused; left out, the last one wins.",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        var texts = new[] { handler is null ? null : comments.Remarks(handler), metadata.OfType<EndpointNeed>().LastOrDefault()?.Told };
        operation.Description = texts.Any(text => text is not null) ? string.Join("\n\n", texts.OfType<string>()) : null;
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>()) Describe(parameter, handler);
        if (metadata.OfType<UploadLimit>().Any()) operation.RequestBody = Upload();
        if (metadata.OfType<MessageBody>().Any()) operation.RequestBody = Message();
        if (context.Description.HttpMethod is "POST" or "PUT" or "DELETE")
        {
            if (!metadata.OfType<CarriesSecret>().Any()) OfferIdempotency(operation);
            AddProblems(operation, context, "409");
        }

        if (operation.RequestBody is not null) AddProblems(operation, context, "413", "415");
        AddProblems(operation, context, "400", "500");
        foreach (var (status, response) in operation.Responses ?? []) Complete(status, (OpenApiResponse)response, context.Description);
        RequireRight(operation, metadata.OfType<EndpointNeed>().LastOrDefault(), context.Document!);
        return Task.CompletedTask;
    }

    /// <summary>Which right a caller needs: as what the security requirements ask for, and for readers that know scopes of OAuth only.</summary>
    private static void RequireRight(OpenApiOperation operation, EndpointNeed? need, OpenApiDocument document)
    {
        if (need?.Right is not { } right) return;
        var word = RightNames.Of(right);
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApiSetup.Bearer, document)] = [word] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApiSetup.Session, document)] = [word] },
        ];
        operation.AddExtension("x-required-right", new JsonNodeExtension(word));
        if (operation.Responses?.GetValueOrDefault("403") is OpenApiResponse forbidden) forbidden.Description = $"Whoever asks lacks the right `{word}`.";
    }

    private void Describe(OpenApiParameter parameter, MethodInfo? handler)
    {
        var name = parameter.Name ?? "";
        parameter.Description = (handler is null ? null : comments.Of(handler, name)) ?? Known.GetValueOrDefault(name);
        if (name != "limit" || parameter.Schema is not OpenApiSchema limit) return;
        limit.Type = JsonSchemaType.Integer;
        limit.Pattern = null;
        limit.Minimum = "1";
        limit.Maximum = Paging.LimitMax.ToString(CultureInfo.InvariantCulture);
        limit.Default = Paging.LimitDefault;
    }

    private static OpenApiRequestBody Message() => new()
    {
        Required = true,
        Description = "The mail itself, with its headers.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["message/rfc822"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
    };

    private static OpenApiRequestBody Upload()
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiRequestBody
        {
            Required = true,
            Description = "The file as the body, of whatever type, or as the one file of a form. Its content decides what it is.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/octet-stream"] = new OpenApiMediaType { Schema = file },
                ["text/csv"] = new OpenApiMediaType { Schema = file },
                ["multipart/form-data"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object, Required = new HashSet<string> { "file" },
                        Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = file },
                    },
                },
            },
        };
    }

    /// <summary>Every request that changes something can be made safe to repeat.</summary>
    private static void OfferIdempotency(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyKey.Header, In = ParameterLocation.Header,
            Description = "The same key with the same request gets the same answer and changes nothing more.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.LengthMax },
            Example = "6f1c2a0e-run-2026-12",
        });
    }

    /// <summary>What an endpoint need not say for itself.</summary>
    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, params ReadOnlySpan<string> statuses)
    {
        operation.Responses ??= [];
        foreach (var status in statuses)
        {
            var schema = status == "400" ? nameof(HttpValidationProblemDetails) : nameof(ProblemDetails);
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemJson] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, context.Document) } },
            });
        }
    }

    private static void Complete(string status, OpenApiResponse response, ApiDescription operation)
    {
        if (Texts.TryGetValue(status, out var text)) response.Description = text;
        var changes = operation.HttpMethod is "POST" or "PUT" or "DELETE";
        if (status is "201" or "202") Header(response, "Location", "Where what was made is found.");
        if (status is "429" or "503" or "507") Header(response, "Retry-After", "Seconds after which to ask again.", JsonSchemaType.Integer);
        if (status == "401") Header(response, "WWW-Authenticate", "What would be accepted: a bearer key.");
        if (changes && status.StartsWith('2')) Header(response, IdempotentRequests.HitHeader, "`true` on the answer to a request that had been carried out before under its key; otherwise absent.");
        foreach (var (type, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (type != "application/pdf") continue;
            content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            Header(response, "Content-Disposition", "Under which name to keep the file.");
        }
    }

    private static void Header(OpenApiResponse response, string name, string text, JsonSchemaType type = JsonSchemaType.String)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = text, Schema = new OpenApiSchema { Type = type } };
    }

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["200"] = "As asked.",
        ["201"] = "Made.",
        ["202"] = "Begun; ask at the location how far it is.",
        ["204"] = "Done, or so already.",
        ["400"] = "Fields that are not as expected, by name, all of them at once.",
        ["401"] = "No key and no session, or one that is unknown or over.",
        ["403"] = "Whoever asks lacks the right that this needs.",
        ["404"] = "There is no such thing.",
        ["409"] = "What is there now does not allow it, or the idempotency key was used for another request.",
        ["413"] = "The request is larger than allowed.",
        ["415"] = "The body is not of a type expected here.",
        ["422"] = "The file or the request is well-formed but cannot be trusted or carried out.",
        ["429"] = "Asked too often; ask again after the seconds that are named.",
        ["500"] = "Something went wrong in the engine; the log has it under the id that the problem names.",
        ["503"] = "A part of the engine is away or busy; ask again.",
    };
}
