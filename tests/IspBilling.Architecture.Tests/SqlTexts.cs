using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IspBilling.Architecture.Tests;

/// <summary>Finds SQL in a file's texts; comments, and words that only look like it, are none.</summary>
internal static partial class SqlTexts
{
    /// <returns>The first words of each statement.</returns>
    public static IEnumerable<string> In(string code) =>
        from text in CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes()
        let words = text switch
        {
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal => literal.Token.ValueText,
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.Utf8StringLiteralExpression } literal => literal.Token.ValueText,
            InterpolatedStringExpressionSyntax interpolated => Whole(interpolated),
            _ => "",
        }
        from statement in Statement().Matches(words)
        select statement.Value;

    /// <summary>What is put in between stands for any name.</summary>
    private static string Whole(InterpolatedStringExpressionSyntax text) =>
        string.Concat(text.Contents.Select(part => part is InterpolatedStringTextSyntax words ? words.TextToken.ValueText : "name"));

    /// <summary>Key words in capitals, as SQL is written here, with what must follow them, so that a sentence for people is no statement.</summary>
    [GeneratedRegex(
        @"\b(SELECT\s+\S+|INSERT\s+INTO\s+\S+|UPDATE\s+\S+\s+(\w+\s+)?SET\b|DELETE\s+FROM\s+\S+|MERGE\s+INTO\s+\S+|TRUNCATE\s+\S+" +
        @"|(CREATE|ALTER|DROP)\s+(TEMP\s+|UNIQUE\s+|OR\s+REPLACE\s+)?(TABLE|INDEX|VIEW|FUNCTION|SCHEMA|DATABASE|ROLE|SEQUENCE|TYPE|EXTENSION)\b" +
        @"|COPY\s+\S.*\b(FROM\s+STDIN|TO\s+STDOUT)|(GRANT|REVOKE)\s+\S+\s+ON\b|VACUUM\b|LOCK\s+TABLE\b|NOTIFY\s+\S+)",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000)]
    private static partial Regex Statement();
}
