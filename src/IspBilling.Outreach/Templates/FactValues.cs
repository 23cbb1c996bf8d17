using Fluid;
using Fluid.Values;

namespace IspBilling.Outreach.Templates;

/// <summary>Facts that belong together. To ask for one that does not exist is a slip of the pen, and is said so.</summary>
internal sealed class GroupValue(string name, Dictionary<string, FluidValue> members) : FluidValue
{
    public override FluidValues Type => FluidValues.Object;

    public override ValueTask<FluidValue> GetValueAsync(string member, TemplateContext context) => members.TryGetValue(member, out var value)
        ? new ValueTask<FluidValue>(value)
        : throw new TemplateException($"there is no {name}.{member}; there are {string.Join(", ", members.Keys)}");

    public override bool Equals(FluidValue? other) => ReferenceEquals(this, other);

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object ToObjectValue() => this;
}

/// <summary>A fact that exists and is not known of this client: false where it is asked for, nothing where it is shown, and so are its members.</summary>
internal sealed class AbsentValue : FluidValue
{
    public static readonly AbsentValue Instance = new();

    private AbsentValue()
    {
    }

    public override FluidValues Type => FluidValues.String;

    public override ValueTask<FluidValue> GetValueAsync(string member, TemplateContext context) => new(this);

    public override bool Equals(FluidValue? other) => other is AbsentValue or NilValue or EmptyValue or BlankValue;

    public override bool ToBooleanValue() => false;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object ToObjectValue() => "";
}
