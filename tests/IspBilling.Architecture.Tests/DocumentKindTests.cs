using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>
/// What differs by kind of document stands in one table (<c>DocumentKinds</c>), so that a kind that is new adds a row. Code that names a kind
/// would have to be found and changed for it.
/// </summary>
public sealed partial class DocumentKindTests
{
    private const string Table = "src/IspBilling.Domain/Documents/DocumentKinds.cs";

    /// <summary>Files that name a kind, each with the reason.</summary>
    private static readonly ImmutableDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        [Table] = "it is the table",
        ["src/IspBilling.Domain/Documents/DocumentDrafting.cs"] = "makes documents of a kind, and decides nothing by it",
        ["src/IspBilling.Postgres/Audit/ExpectedBooks.cs"] = "checks what the table leads to, so it does not ask it",
        ["src/IspBilling.Postgres/Audit/ExpectedFigures.cs"] = "checks what the table leads to, so it does not ask it",
    }.ToImmutableDictionary();

    [Fact]
    public void A_kind_is_named_in_the_table_only() => Assert.Empty(
        from file in Repository.LibrarySources
        where !Exceptions.ContainsKey(file.Path)
        from use in NamedKind().Matches(file.Code)
        select $"{file.Path}: {use.Value}");

    [Fact]
    public void An_exception_goes_when_it_is_no_longer_needed() => Assert.All(
        Exceptions.Keys, path => Assert.Contains(Repository.LibrarySources, file => file.Path == path && NamedKind().IsMatch(file.Code)));

    [Theory]
    [InlineData("document.Kind == DocumentKind.Invoice", true)]
    [InlineData("case DocumentKind.CreditNote:", true)]
    [InlineData("document is { Kind: DocumentKind.Invoice, Open.IsPositive: true }", true)]
    [InlineData("new { kind = (short)DocumentKind.Invoice }", true)]
    [InlineData("document.Kind == before?.Kind", false)]
    [InlineData("kind.Traits().IsReceivable", false)]
    [InlineData("(DocumentKind)reader.Byte()", false)]
    [InlineData("DocumentKinds.All", false)]
    public void The_rule_itself_knows_a_named_kind(string code, bool names) => Assert.Equal(names, NamedKind().IsMatch(code));

    [GeneratedRegex(@"\bDocumentKind\.[A-Z]\w*", RegexOptions.None, 1000)]
    private static partial Regex NamedKind();
}
