using System.Globalization;
using Fluid;
using Fluid.Values;
using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates;

/// <summary>Amounts, days and dates in the words of one language, for facts and for the filters that show them otherwise.</summary>
internal sealed class Wording(string language)
{
    public const string Name = "wording";

    private readonly PrintedForms _forms = PrintedForms.In(language);

    public static Wording Of(TemplateContext context) => (Wording)context.AmbientValues[Name];

    /// <summary>An amount that is shown with its currency unless a filter asks for less.</summary>
    public FluidValue Of(Money amount) => new ObjectValue(new ShownMoney(amount, _forms.Amount(amount)));

    public FluidValue Of(DateOnly day) => new ObjectValue(new ShownDate(day, _forms.Date(day)));

    public FluidValue Money(FluidValue input, bool isBare) =>
        input.ToObjectValue() is ShownMoney shown ? new StringValue(isBare ? _forms.Number(shown.Amount) : shown.Text) : throw new TemplateException("an amount expected before the filters money and number");

    public static FluidValue Date(FluidValue input) =>
        input.ToObjectValue() is ShownDate shown ? new StringValue(shown.Text) : throw new TemplateException("a date expected before the filter date");

    /// <summary><c>1 den</c>, <c>3 dny</c>, <c>5 dní</c>.</summary>
    public FluidValue Days(FluidValue input)
    {
        if (input is not NumberValue) throw new TemplateException("a number expected before the filter days");
        var days = (int)input.ToNumberValue();
        var word = (language, days) switch
        {
            (ClientLanguages.English, 1) => "day",
            (ClientLanguages.English, _) => "days",
            (ClientLanguages.Slovak, 1) => "deň",
            (ClientLanguages.Slovak, 2 or 3 or 4) => "dni",
            (ClientLanguages.Slovak, _) => "dní",
            (_, 1) => "den",
            (_, 2 or 3 or 4) => "dny",
            _ => "dní",
        };
        return new StringValue(string.Create(CultureInfo.InvariantCulture, $"{days}\u00A0{word}"));
    }

    private sealed record ShownMoney(Money Amount, string Text)
    {
        public override string ToString() => Text;
    }

    private sealed record ShownDate(DateOnly Day, string Text)
    {
        public override string ToString() => Text;
    }
}
