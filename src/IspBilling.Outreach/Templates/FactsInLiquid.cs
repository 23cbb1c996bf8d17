using Fluid.Values;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates;

/// <summary>
/// The facts by the names that templates have for them. Texts of people carry no control characters, so that a name can neither begin another
/// line nor another header.
/// </summary>
internal static class FactsInLiquid
{
    public static Dictionary<string, FluidValue> Of(MessageFacts facts, Wording wording, MessageBrand brand, string language)
    {
        var overdue = facts.Overdue.Take(TemplateLimits.MaxListed).ToList();
        var open = facts.Open.Take(TemplateLimits.MaxListed).ToList();
        return new Dictionary<string, FluidValue>(StringComparer.Ordinal)
        {
            ["client"] = Group("client",
                ("name", Text(facts.Name)), ("reference", Text(facts.Reference)), ("email", Text(facts.Email)), ("phone", Text(facts.Phone)),
                ("street", Text(facts.Address.Street)), ("city", Text(facts.Address.City)), ("postal_code", Text(facts.Address.PostalCode))),
            ["sender"] = Sender(facts.Sender, brand, language),
            ["pay"] = Pay(facts),
            ["document"] = facts.Document is { } document ? Document(document, wording, language) : NilValue.Instance,
            ["overdue"] = List(overdue, wording, language),
            ["more_overdue"] = BooleanValue.Create(facts.Overdue.Length > overdue.Count),
            ["open"] = List(open, wording, language),
            ["more_open"] = BooleanValue.Create(facts.Open.Length > open.Count),
            ["debt"] = wording.Of(facts.Debt),
            ["has_debt"] = BooleanValue.Create(facts.Debt.IsPositive),
            ["open_sum"] = wording.Of(facts.OpenSum),
            ["has_open"] = BooleanValue.Create(facts.OpenSum.IsPositive),
            ["credit"] = wording.Of(facts.Credit),
            ["has_credit"] = BooleanValue.Create(facts.Credit.IsPositive),
            ["days_overdue"] = NumberValue.Create(facts.Overdue.Select(one => one.DaysOverdue).DefaultIfEmpty(0).Max()),
            ["level"] = Text(facts.Level.ToString().ToLowerInvariant()),
            ["today"] = wording.Of(facts.Today),
            ["reminder"] = facts.Reminder is { } reminder ? Reminder(reminder, wording) : NilValue.Instance,
        };
    }

    private static GroupValue Sender(SenderFacts sender, MessageBrand brand, string language) => Group("sender",
        ("name", Text(sender.Name)), ("brand", Text(brand.Name ?? sender.Name)), ("email", Text(sender.Email)), ("phone", Text(sender.Phone)), ("web", Text(sender.Web)),
        ("street", Text(sender.Address.Street)), ("city", Text(sender.Address.City)), ("postal_code", Text(sender.Address.PostalCode)),
        ("company_number", Text(sender.CompanyNumber)), ("vat_number", Text(sender.VatNumber)), ("register", Text(sender.RegisterText)),
        ("footer", Text(brand.FooterIn(language))));

    /// <summary>A symbol where one pays everything: the account's own, or that of the only document.</summary>
    private static GroupValue Pay(MessageFacts facts)
    {
        var payee = facts.Sender.Payee;
        var only = facts.Document ?? (facts.Overdue.Length == 1 ? facts.Overdue[0] : null);
        return Group(
            "pay", ("account", Text(payee?.Account ?? Grouped(payee?.Iban))), ("iban", Text(Grouped(payee?.Iban))), ("local", Text(payee?.Account)),
            ("symbol", Text(payee is null ? null : payee.Symbol ?? only?.Symbol?.ToString())));
    }

    /// <summary>In fours, as people read it.</summary>
    private static string? Grouped(string? iban) => iban is null ? null : string.Join(' ', iban.Chunk(4).Select(four => new string(four)));

    private static GroupValue Reminder(ReminderFacts reminder, Wording wording) => Group(
        "reminder", ("step", Text(reminder.Step)),
        ("does", Text(Effect(reminder.Actions))),
        ("fee", reminder.Fee is { } fee ? wording.Of(fee) : AbsentValue.Instance),
        ("next", reminder.Next is { } next
            ? Group("reminder.next", ("step", Text(next.Step)), ("on", wording.Of(next.On)), ("pay_by", wording.Of(next.PayBy)), ("does", Text(Effect(next.Actions))))
            : AbsentValue.Instance));

    /// <summary>The gravest thing that a step does, in one word for templates.</summary>
    private static string Effect(DunningActions actions)
    {
        if (actions.HasFlag(DunningActions.NotifyCollections)) return "collections";
        if (actions.HasFlag(DunningActions.Block)) return "block";
        if (actions.HasFlag(DunningActions.Throttle)) return "throttle";
        return actions.HasFlag(DunningActions.Fee) ? "fee" : "remind";
    }

    private static ArrayValue List(List<DocumentFacts> documents, Wording wording, string language) =>
        new([.. documents.Select(document => (FluidValue)Document(document, wording, language))]);

    private static GroupValue Document(DocumentFacts document, Wording wording, string language) => Group(
        "document", ("kind", Text(document.Kind.Traits().Titles[language].Plain)),
        ("number", Text(document.Number)),
        ("symbol", Text(document.Symbol?.ToString() ?? document.Number)),
        ("issued", wording.Of(document.IssuedOn)),
        ("due", wording.Of(document.DueOn)),
        ("total", wording.Of(document.Total.Abs)),
        ("open", wording.Of(document.Open)),
        ("is_paid", BooleanValue.Create(!document.Open.IsPositive)),
        ("is_partly_paid", BooleanValue.Create(document.Open.IsPositive && document.Open < document.Total.Abs)),
        ("is_overdue", BooleanValue.Create(document.DaysOverdue > 0)),
        ("days_overdue", NumberValue.Create(document.DaysOverdue)));

    private static FluidValue Text(string? text) => text is null ? AbsentValue.Instance : new StringValue(OneLine(text));

    private static string OneLine(string text) => text.Any(IsBreak) ? string.Concat(text.Select(letter => IsBreak(letter) ? ' ' : letter)) : text;

    private static bool IsBreak(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';

    private static GroupValue Group(string group, params ReadOnlySpan<(string Name, FluidValue Value)> members)
    {
        var values = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var (name, value) in members) values.Add(name, value);
        return new GroupValue(group, values);
    }
}
