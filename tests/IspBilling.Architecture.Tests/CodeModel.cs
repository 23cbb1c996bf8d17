using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IspBilling.Architecture.Tests;

/// <summary>One file's code uses something that another file declares.</summary>
internal readonly record struct Use(Place From, Place To, string Name);

/// <summary>A file computes with money or days.</summary>
internal readonly record struct ComputedAt(Place Place, string Code);

/// <summary>
/// Sources as the compiler understands them, so that members, extension methods and types of the same name are told apart.
/// Only the base class library is referenced: what comes from packages stays unknown, and nothing here asks about it.
/// </summary>
internal sealed class CodeModel
{
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithDocumentationMode(DocumentationMode.None);

    private static readonly ImmutableArray<MetadataReference> BaseClassLibrary =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly Lazy<CodeModel> OfProduct = new(() => Of(Repository.PlacedLibrarySources));

    private readonly CSharpCompilation _compilation;
    private readonly FrozenDictionary<SyntaxTree, Place> _places;
    private readonly Lazy<ImmutableArray<Use>> _uses;
    private readonly Lazy<ImmutableArray<ComputedAt>> _arithmetic;

    private CodeModel(CSharpCompilation compilation, FrozenDictionary<SyntaxTree, Place> places)
    {
        _compilation = compilation;
        _places = places;
        _uses = new Lazy<ImmutableArray<Use>>(() => [.. places.Keys.AsParallel().SelectMany(UsesIn).Distinct()]);
        _arithmetic = new Lazy<ImmutableArray<ComputedAt>>(() => [.. places.AsParallel().SelectMany(entry =>
            Computations.In(entry.Key.GetRoot(), compilation.GetSemanticModel(entry.Key)).Select(code => new ComputedAt(entry.Value, code)))]);
    }

    /// <summary>The libraries below <c>src</c>.</summary>
    public static CodeModel Product => OfProduct.Value;

    /// <summary>What files use of other files, each name once for a pair of files.</summary>
    public ImmutableArray<Use> Uses => _uses.Value;

    /// <summary>Where money is summed or days are counted.</summary>
    public ImmutableArray<ComputedAt> Arithmetic => _arithmetic.Value;

    public static CodeModel Of(IEnumerable<(Place Place, string Text)> sources)
    {
        var places = sources.ToFrozenDictionary(source => CSharpSyntaxTree.ParseText(source.Text, Parsing, source.Place.Path), source => source.Place);
        var compilation = CSharpCompilation.Create(
            "sources", [.. places.Keys, CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing)], BaseClassLibrary, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return new CodeModel(compilation, places);
    }

    private IEnumerable<Use> UsesIn(SyntaxTree tree)
    {
        var from = _places[tree];
        var model = _compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            foreach (var type in TypesOf(model.GetSymbolInfo(name)))
            {
                foreach (var declaration in type.DeclaringSyntaxReferences)
                {
                    if (_places.TryGetValue(declaration.SyntaxTree, out var to) && to != from) yield return new Use(from, to, type.Name);
                }
            }
        }
    }

    /// <summary>The types that own what a name may mean: where a package's type is involved, the compiler only has candidates.</summary>
    private static IEnumerable<INamedTypeSymbol> TypesOf(SymbolInfo info)
    {
        IEnumerable<ISymbol> symbols = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
        foreach (var candidate in symbols)
        {
            if (candidate is INamespaceSymbol) continue;
            if ((candidate as INamedTypeSymbol ?? candidate.ContainingType) is { } type) yield return Outermost(type.OriginalDefinition);
        }
    }

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;
}
