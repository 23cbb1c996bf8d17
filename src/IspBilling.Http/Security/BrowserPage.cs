using System.Collections.Immutable;
using IspBilling.Access.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Security;

/// <summary>What people open in a browser, which cannot send a bearer key when it opens a page.</summary>
/// <param name="Path">Of the page and of what it loads.</param>
/// <param name="Right">What the reader must be allowed to; null when any key or session will do.</param>
internal sealed record BrowserPage(string Path, string Title, Right? Right)
{
    /// <summary>The page on which people read and try the interface.</summary>
    public static readonly BrowserPage Docs = new("/docs", "IspBilling interface", Right: null);

    /// <summary>The interface's description, which its page loads.</summary>
    private static readonly BrowserPage Description = Docs with { Path = "/openapi" };

    public static readonly BrowserPage Dashboard = new(OperatorPages.Dashboard, "IspBilling cluster", Access.Rights.Right.Operate);

    public static readonly ImmutableArray<BrowserPage> All = [Docs, Description, Dashboard];

    /// <summary>Something to look at, where a key can be asked for; not only a text that a page loads.</summary>
    public bool IsPage => Path != Description.Path;

    public string LoginPath => $"{Path}/login";

    /// <summary>The page that a request is for, or a part of; null when it is for none. Pages are only read.</summary>
    public static BrowserPage? Of(HttpRequest request) => HttpMethods.IsGet(request.Method)
        ? All.FirstOrDefault(page => request.Path.StartsWithSegments(page.Path, StringComparison.Ordinal))
        : null;
}

/// <summary>Pages that a host adds for its operator.</summary>
public static class OperatorPages
{
    /// <summary>Of a cluster.</summary>
    public const string Dashboard = "/dashboard";

    /// <summary>Whoever lacks the right to operate does not see it.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireRight(Right.Operate);
}
