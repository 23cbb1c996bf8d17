using IspBilling.Http.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace IspBilling.Http.OpenApi;

/// <summary>The interface's own description, <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiSetup
{
    public const string Bearer = "bearer";
    public const string Session = "session";

    public static void AddBillingOpenApi(this IServiceCollection services)
    {
        services.AddSingleton<DocumentationComments>().AddSingleton<SchemaDescriptions>().AddSingleton<OperationDescriptions>();
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer<SchemaDescriptions>();
            options.AddOperationTransformer<OperationDescriptions>();
            options.AddDocumentTransformer(Describe);
            options.AddDocumentTransformer((document, _, _) =>
            {
                NullableWords.Remove(document);
                RequestExamples.Add(document);
                return Task.CompletedTask;
            });
        });
    }

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

        // Where it was read from, whatever name it was asked by: a name that a stranger chose has no place in a description.
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this description was read." }];
        document.Components ??= new OpenApiComponents();
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: isp_…",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = SessionCookie.Name,
            Description = $"The session of a person, which signIn brings. What changes something needs the header {OwnRequests.Header} as well.",
        });
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Session, document)] = [] },
        ];
        return Task.CompletedTask;
    }
}
