namespace IspBilling.Outreach.Templates;

/// <summary>What a template may be and do. A template is written by a person and runs for a hundred thousand clients.</summary>
/// <param name="Source">Characters of each of its texts.</param>
/// <param name="Output">Characters that each of them may make.</param>
/// <param name="Value">Characters of one value within it.</param>
/// <param name="Steps">Tags, outputs and rounds of loops.</param>
/// <param name="Time">Of one text.</param>
public sealed record TemplateLimits(int Source, int Output, int Value, int Steps, TimeSpan Time)
{
    /// <summary>Blocks within blocks.</summary>
    public const int MaxDepth = 20;

    /// <summary>Characters between the braces of one tag: a longer one is no sentence but a trap for the parser.</summary>
    public const int MaxTag = 400;

    public const int MaxSubject = 200;

    /// <summary>Documents that a message lists; where there are more it says so by <c>more_overdue</c> and <c>more_open</c>.</summary>
    public const int MaxListed = 50;

    public static readonly TemplateLimits Default = new(Source: 20_000, Output: 60_000, Value: 5_000, Steps: 10_000, TimeSpan.FromSeconds(2));
}

/// <summary>A template is not as it may be, or did not come to an end within its limits.</summary>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
