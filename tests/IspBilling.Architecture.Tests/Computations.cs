using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IspBilling.Architecture.Tests;

/// <summary>Sums and differences of money, and steps from one day to another, as the compiler understands them.</summary>
internal static class Computations
{
    /// <summary>Types whose operators compute with money.</summary>
    private static readonly FrozenSet<string> MoneyTypes = FrozenSet.ToFrozenSet(["Money", "MoneyTotal"]);

    /// <summary>Members that compute, by the type that has them.</summary>
    private static readonly FrozenSet<(string Type, string Member)> Computing = FrozenSet.ToFrozenSet<(string, string)>(
    [
        ("Money", "Times"), ("MoneySums", "Sum"),
        ("DateOnly", "AddDays"), ("DateOnly", "AddMonths"), ("DateOnly", "AddYears"),
    ]);

    /// <summary>Numbers that are only worth computing with in the Domain.</summary>
    private static readonly FrozenSet<(string Type, string Member)> Parts = FrozenSet.ToFrozenSet<(string, string)>(
    [
        ("Money", "Minor"), ("Money", "Major"), ("MoneyTotal", "Minor"), ("MoneyTotal", "Major"), ("DateOnly", "DayNumber"),
    ]);

    private static readonly FrozenSet<SyntaxKind> Operators = FrozenSet.ToFrozenSet(
    [
        SyntaxKind.AddExpression, SyntaxKind.SubtractExpression, SyntaxKind.MultiplyExpression, SyntaxKind.DivideExpression, SyntaxKind.ModuloExpression,
        SyntaxKind.AddAssignmentExpression, SyntaxKind.SubtractAssignmentExpression, SyntaxKind.MultiplyAssignmentExpression, SyntaxKind.DivideAssignmentExpression,
        SyntaxKind.UnaryMinusExpression,
    ]);

    /// <returns>The code of each computation.</returns>
    public static IEnumerable<string> In(SyntaxNode root, SemanticModel model) =>
        from node in root.DescendantNodes()
        where node switch
        {
            InvocationExpressionSyntax call => IsAny(model.GetSymbolInfo(call), Computing) || SumsParts(call, model),
            ExpressionSyntax expression when Operators.Contains(expression.Kind()) => HasMoney(expression, model) || OperandsOf(expression).Any(operand => IsPart(operand, model)),
            _ => false,
        }
        select node.ToString().Split('\n')[0].Trim();

    private static bool HasMoney(ExpressionSyntax expression, SemanticModel model) =>
        model.GetSymbolInfo(expression).Symbol is IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } own && MoneyTypes.Contains(own.ContainingType.Name);

    private static bool IsPart(ExpressionSyntax operand, SemanticModel model) => operand switch
    {
        ParenthesizedExpressionSyntax inner => IsPart(inner.Expression, model),
        CastExpressionSyntax cast => IsPart(cast.Expression, model),
        ConditionalExpressionSyntax either => IsPart(either.WhenTrue, model) || IsPart(either.WhenFalse, model),
        MemberAccessExpressionSyntax member => IsAny(model.GetSymbolInfo(member), Parts),
        _ => false,
    };

    /// <summary><c>rows.Sum(row =&gt; row.Total.Minor)</c></summary>
    private static bool SumsParts(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Sum" }
        && call.ArgumentList.Arguments is [{ Expression: SimpleLambdaExpressionSyntax { ExpressionBody: { } summed } }] && IsPart(summed, model);

    private static IEnumerable<ExpressionSyntax> OperandsOf(ExpressionSyntax expression) => expression switch
    {
        BinaryExpressionSyntax both => [both.Left, both.Right],
        AssignmentExpressionSyntax assignment => [assignment.Left, assignment.Right],
        PrefixUnaryExpressionSyntax one => [one.Operand],
        _ => [],
    };

    /// <summary>Where a package's type is involved the compiler only has candidates.</summary>
    private static bool IsAny(SymbolInfo info, FrozenSet<(string Type, string Member)> members)
    {
        IEnumerable<ISymbol> symbols = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
        return symbols.Any(candidate => candidate.ContainingType is { } type && members.Contains((type.Name, candidate.Name)));
    }
}
