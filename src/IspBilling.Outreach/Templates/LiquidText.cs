using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace IspBilling.Outreach.Templates;

/// <summary>
/// One text in Liquid. Only tags and filters that are named here exist: no files, no includes, nothing that builds a text in memory beyond its
/// limit. An unknown variable, member or filter is an error, so that a slip of the pen is found when the template is saved.
/// </summary>
internal sealed partial class LiquidText
{
    private static readonly string[] Tags = ["if", "unless", "case", "for", "break", "continue", "assign", "comment", "raw"];

    private static readonly FluidParser Parser = OnlyWith(Tags);

    private static readonly TemplateOptions Options = MakeOptions();

    private readonly IFluidTemplate _template;
    private readonly TemplateLimits _limits;

    private LiquidText(IFluidTemplate template, TemplateLimits limits) => (_template, _limits) = (template, limits);

    /// <exception cref="TemplateException">It is no Liquid, is too large, or asks for more than it may.</exception>
    public static LiquidText Parse(string source, TemplateLimits limits)
    {
        if (source.Length > limits.Source) throw new TemplateException($"at most {limits.Source} characters expected, got {source.Length}");
        RequireFlat(source);
        if (!Parser.TryParse(source, out var template, out var error)) throw new TemplateException(error);
        var ranges = new RangeFinder();
        ranges.VisitTemplate(template);
        if (ranges.Found) throw new TemplateException("a loop goes over documents; ranges of numbers are not allowed");
        return new LiquidText(template, limits);
    }

    /// <param name="encoder">What values are written with; the text of the template itself is written as it stands.</param>
    /// <exception cref="TemplateException">It asks for what is not there, or ran into a limit.</exception>
    public string Render(IReadOnlyDictionary<string, FluidValue> facts, Wording wording, TextEncoder encoder, TimeProvider clock)
    {
        var context = new TemplateContext(Options) { MaxSteps = _limits.Steps };
        foreach (var (name, value) in facts) context.SetValue(name, value);
        var budget = new Budget(_limits, clock);
        context.AmbientValues[Budget.Name] = budget;
        context.AmbientValues[Wording.Name] = wording;
        using var output = new LimitedWriter(budget);
        try
        {
            // Nothing in it waits: every value is in memory.
            var rendering = _template.RenderAsync(output, encoder, context).AsTask();
            Domain.Invariant.Require(rendering.IsCompleted);
            if (rendering.Exception is { InnerException: { } failure }) ExceptionDispatchInfo.Throw(failure);
        }
        catch (Exception fault) when (fault is not (TemplateException or OutOfMemoryException or Domain.InvariantBrokenException))
        {
            throw new TemplateException(fault.Message, fault);
        }

        return output.ToString();
    }

    /// <summary>The parser calls itself for each block within a block and each operand of an expression: both are limited before it begins.</summary>
    private static void RequireFlat(string source)
    {
        var depth = 0;
        foreach (Match tag in Tag().Matches(source))
        {
            if (tag.Length > TemplateLimits.MaxTag) throw new TemplateException($"a tag of at most {TemplateLimits.MaxTag} characters expected");
            var name = tag.Groups["name"].Value;
            if (name.Length == 0) continue;
            if (name.StartsWith("end", StringComparison.Ordinal)) depth--;
            else if (name is "if" or "unless" or "case" or "for" or "comment" or "raw") depth++;
            else if (name is not ("else" or "elsif" or "when") && !Tags.Contains(name)) throw new TemplateException($"the tag '{name}' is not allowed; there are {string.Join(", ", Tags)}");
            if (depth > TemplateLimits.MaxDepth) throw new TemplateException($"at most {TemplateLimits.MaxDepth} blocks within each other expected");
        }
    }

    private static FluidParser OnlyWith(string[] tags)
    {
        var parser = new FluidParser();
        foreach (var name in parser.RegisteredTags.Keys.Except(tags.Concat(["else", "elsif", "when"]).Concat(tags.Select(tag => $"end{tag}"))).ToList())
            parser.RegisteredTags.Remove(name);
        return parser;
    }

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions
        {
            StrictFilters = true, StrictVariables = true, MaxRecursion = TemplateLimits.MaxDepth, CultureInfo = System.Globalization.CultureInfo.InvariantCulture,
        };
        var known = new[] { "default", "size", "first", "last", "upcase", "downcase", "capitalize", "strip", "truncate" };
        var standard = known.Select(name => (Name: name, Filter: options.Filters.TryGetValue(name, out var filter) ? filter : throw new InvalidOperationException(name))).ToImmutableArray();
        options.Filters.Clear();
        foreach (var (name, filter) in standard) options.Filters.AddFilter(name, filter);
        options.Filters.AddFilter("append", static (input, arguments, context) => Joined(input, arguments.At(0), context));
        options.Filters.AddFilter("prepend", static (input, arguments, context) => Joined(arguments.At(0), input, context));
        options.Filters.AddFilter("money", static (input, _, context) => Wording.Of(context).Money(input, isBare: false));
        options.Filters.AddFilter("number", static (input, _, context) => Wording.Of(context).Money(input, isBare: true));
        options.Filters.AddFilter("date", static (input, _, context) => Wording.Date(input));
        options.Filters.AddFilter("days", static (input, _, context) => Wording.Of(context).Days(input));
        return options;
    }

    private static StringValue Joined(FluidValue first, FluidValue second, TemplateContext context)
    {
        var (head, tail) = (first.ToStringValue(), second.ToStringValue());
        Budget.Of(context).RequireValue(head.Length + tail.Length);
        return new StringValue(head + tail);
    }

    [GeneratedRegex(@"\{%-?\s*(?<name>\w*)[\s\S]*?%\}|\{\{[\s\S]*?\}\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Tag();

    private sealed class RangeFinder : AstVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
        {
            Found = true;
            return rangeExpression;
        }
    }
}

/// <summary>What one rendering may still use.</summary>
internal sealed class Budget(TemplateLimits limits, TimeProvider clock)
{
    public const string Name = "budget";

    private readonly long _begun = clock.GetTimestamp();
    private int _written;

    public static Budget Of(TemplateContext context) => (Budget)context.AmbientValues[Name];

    public void Write(int length)
    {
        RequireTime();
        if (length > limits.Output - _written) throw new TemplateException($"the message is longer than {limits.Output} characters");
        _written += length;
    }

    public void RequireValue(int length)
    {
        RequireTime();
        if (length > limits.Value) throw new TemplateException($"a value is longer than {limits.Value} characters");
    }

    private void RequireTime()
    {
        if (clock.GetElapsedTime(_begun) > limits.Time) throw new TemplateException($"the template took longer than {limits.Time.TotalSeconds} s");
    }
}

/// <summary>Stops whoever writes more than may be written.</summary>
internal sealed class LimitedWriter(Budget budget) : StringWriter(new StringBuilder(), System.Globalization.CultureInfo.InvariantCulture)
{
    public override void Write(char value)
    {
        budget.Write(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        budget.Write(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        budget.Write(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        budget.Write(buffer.Length);
        base.Write(buffer);
    }
}
