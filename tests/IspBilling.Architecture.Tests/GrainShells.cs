using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IspBilling.Architecture.Tests;

/// <summary>
/// A grain is a shell: activation, storage, timer, call-through. Whatever it decides belongs into the Engine, where the simulation runs it. Only an
/// outage may take another way, in a catch.
/// </summary>
internal static class GrainShells
{
    private static readonly HashSet<SyntaxKind> Branches =
    [
        SyntaxKind.IfStatement, SyntaxKind.SwitchStatement, SyntaxKind.SwitchExpression, SyntaxKind.ConditionalExpression, SyntaxKind.ConditionalAccessExpression,
        SyntaxKind.CoalesceExpression, SyntaxKind.CoalesceAssignmentExpression, SyntaxKind.LogicalAndExpression, SyntaxKind.LogicalOrExpression,
        SyntaxKind.ForStatement, SyntaxKind.ForEachStatement, SyntaxKind.ForEachVariableStatement, SyntaxKind.WhileStatement, SyntaxKind.DoStatement,
        SyntaxKind.GotoStatement,
    ];

    /// <summary>Every branch in a class that derives from Grain, as "Class: code".</summary>
    public static IEnumerable<string> BranchesIn(string code) =>
        from grain in GrainsIn(code)
        from branch in grain.DescendantNodes().Where(node => Branches.Contains(node.Kind()))
        where !IsOnOutage(branch)
        select $"{grain.Identifier.Text}: {branch.ToString().Split('\n')[0]}";

    public static IEnumerable<ClassDeclarationSyntax> GrainsIn(string code) => CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes()
        .OfType<ClassDeclarationSyntax>().Where(type => type.BaseList?.Types.Any(parent => IsGrain(parent.Type.ToString())) == true);

    private static bool IsGrain(string type) => type is "Grain" || type.StartsWith("Grain<", StringComparison.Ordinal);

    private static bool IsOnOutage(SyntaxNode branch) => branch.Ancestors().OfType<CatchClauseSyntax>().Any();
}
