using System.Collections.Frozen;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IspBilling.Architecture.Tests;

/// <summary>The names that sources declare and use, by their words alone.</summary>
internal sealed record TypeNames(Place Place, string Namespace, FrozenSet<string> Declared, FrozenSet<string> Extensions, FrozenSet<string> Used)
{
    private static readonly Lazy<IReadOnlyList<TypeNames>> OfRepository =
        new(() => [.. Repository.AllPlacedSources.AsParallel().Select(source => Read(source.Place, source.Text))]);

    public static IReadOnlyList<TypeNames> All => OfRepository.Value;

    public static TypeNames Read(Place place, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        var types = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>();
        return new TypeNames(
            place,
            root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "",
            types.Select(NameOf).OfType<string>().ToFrozenSet(),
            root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(IsExtension).Select(method => method.Identifier.Text).ToFrozenSet(),
            root.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => name.Identifier.Text).ToFrozenSet());
    }

    /// <summary>Null for what is no type.</summary>
    private static string? NameOf(MemberDeclarationSyntax declaration) => declaration switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax function => function.Identifier.Text,
        _ => null,
    };

    private static bool IsExtension(MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters.FirstOrDefault() is { } first && first.Modifiers.Any(SyntaxKind.ThisKeyword);
}
