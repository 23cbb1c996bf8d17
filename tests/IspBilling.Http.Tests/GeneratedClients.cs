using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.Loader;
using IspBilling.Http.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace IspBilling.Http.Tests;

/// <summary>A client generated from the kept description compiles and runs a month, as a CRM's would.</summary>
public sealed class GeneratedClients(RunningEngine engine) : IClassFixture<RunningEngine>
{
    /// <summary>Code against the generated client; compiled with it, and therefore not a part of this project.</summary>
    private const string Month = "tests/IspBilling.Http.Tests/GeneratedClient/Month.cs.txt";

    [Fact]
    public async Task A_client_that_NSwag_makes_compiles_and_runs_a_month()
    {
        var repository = Repository();
        var document = await OpenApiDocument.FromJsonAsync(await File.ReadAllTextAsync(Path.Combine(repository, "docs", "openapi.json")));
        var client = new CSharpClientGenerator(document, new CSharpClientGeneratorSettings
        {
            ClassName = "BillingClient",
            CSharpGeneratorSettings = { Namespace = "Crm", JsonLibrary = CSharpJsonLibrary.SystemTextJson, GenerateNullableReferenceTypes = true },
        }).GenerateFile();
        var run = Compiled(client, await File.ReadAllTextAsync(Path.Combine(repository, Month))).GetType("Crm.Month")!.GetMethod("Run")!;

        using var http = new HttpClient { BaseAddress = engine.Host.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await engine.Key());
        var told = await (Task<IReadOnlyDictionary<string, string>>)run.Invoke(null, [http])!;

        Assert.Equal(
            [
                ("balance", "0.00 CZK"), ("card", "Paid"), ("changed", "Paid"), ("conflict", "409 urn:ispbilling:problem:start-cannot-change"), ("invalid", "400 name"),
                ("issued", "1"), ("made", "New"), ("pdf", "%PDF-"), ("preview", "499.00 CZK"), ("proof", "True"), ("pushed", "False"), ("stale", "True"),
                ("statement", "1 matched"),
            ],
            told.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)));
    }

    private static Assembly Compiled(params string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Crm", sources.Select(source => CSharpSyntaxTree.ParseText(source, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest))),
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        assembly.Position = 0;
        return new AssemblyLoadContext("crm").LoadFromStream(assembly);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IspBilling.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not in the repository");
        return folder.FullName;
    }
}
