using IspBilling.Http.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>The interface's own description, <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiSetup
{
    private const string Bearer = "bearer";

    public static void AddBillingOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(OfferIdempotency);
    });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "IspBilling",
            Version = "v1",
            Description =
                "Billing of internet providers. Money is a decimal string with its currency, periods are half-open, dates are ISO 8601. "
                + "What goes wrong answers as application/problem+json (RFC 9457). Lists go on with the cursor that a page ends with.",
        };
        document.Components ??= new OpenApiComponents();
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: isp_…",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>Every request that changes something can be made safe to repeat.</summary>
    private static Task OfferIdempotency(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.HttpMethod is not ("POST" or "PUT")) return Task.CompletedTask;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyKey.Header, In = ParameterLocation.Header,
            Description = "The same key with the same request gets the same answer and changes nothing more.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.LengthMax },
        });
        return Task.CompletedTask;
    }
}
