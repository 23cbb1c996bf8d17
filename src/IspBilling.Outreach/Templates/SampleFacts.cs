using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Templates;

/// <param name="Name">By which a preview asks for it.</param>
public sealed record Sample(string Name, MessageFacts Facts);

/// <summary>Made-up facts for which a template must make a message before it is saved: what is long, empty, hostile or unusual.</summary>
public static class SampleFacts
{
    private static readonly DateOnly Today = new(2026, 7, 20);

    /// <summary>What a message of the occasion may meet, the usual first.</summary>
    public static ImmutableArray<Sample> For(string occasion, IssuerId issuer, string language)
    {
        var kind = Occasions.KindOf(occasion) ?? DocumentKinds.All.First(traits => traits.IsReceivable).Kind;
        var usual = Usual(occasion, issuer, language, kind);
        List<Sample> samples =
        [
            new("usual", usual),
            new("long-names", usual with
            {
                Name = string.Concat(Enumerable.Repeat("Společnost s velmi dlouhým názvem a následovníci, ", 6)).Trim()[..200],
                Sender = usual.Sender with { Name = "Jihomoravská optická a rádiová telekomunikační společnost, s.r.o. v likvidaci" },
            }),
            new("quotes-and-signs", usual with { Name = "\"O'Brien\" <b>& synové</b> {{ debt }} 🦊" }),
            new("no-email", usual with { Email = null, Phone = null }),
            new("no-contact", usual with { Sender = usual.Sender with { Email = null, Phone = null, Web = null, Payee = null } }),
            new("no-debt", usual with
            {
                Debt = Money.Zero(usual.Debt.Currency), Overdue = [], Open = [], OpenSum = Money.Zero(usual.Debt.Currency), Credit = Money.FromMajor(150m, usual.Debt.Currency),
                Level = ServiceLevel.Full, Document = usual.Document is { } document ? document with { Open = Money.Zero(document.Open.Currency) } : null,
            }),
            new("euro-and-symbols-of-documents", InEuro(usual)),
            new("many-documents", Many(usual)),
        ];
        if (usual.Reminder is { } reminder)
        {
            samples.AddRange(Enum.GetValues<DunningActions>().Where(action => action is not (DunningActions.None or DunningActions.Email or DunningActions.Sms)).Select(action => new Sample(
                $"next-{action.ToString().ToLowerInvariant()}", usual with { Reminder = reminder with { Next = reminder.Next! with { Actions = action } } })));
            samples.AddRange(Enum.GetValues<DunningActions>().Where(action => action is DunningActions.Throttle or DunningActions.Block or DunningActions.NotifyCollections).Select(action => new Sample(
                $"does-{action.ToString().ToLowerInvariant()}", usual with { Reminder = reminder with { Actions = action, Next = null } })));
            samples.Add(new Sample("fee", usual with { Reminder = reminder with { Fee = Money.FromMajor(100m, usual.Debt.Currency) } }));
        }

        if (occasion == Occasions.Restricted) samples.Add(new Sample("throttled", usual with { Level = ServiceLevel.Throttled }));
        return [.. samples];
    }

    private static MessageFacts Usual(string occasion, IssuerId issuer, string language, DocumentKind kind)
    {
        var invoices = DocumentKinds.All.First(traits => traits.IsReceivable).Kind;
        var june = new DocumentFacts(41, invoices, "2026000123", new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 15), Money.Czk(1_498m), Money.Czk(1_000.50m))
        {
            DaysOverdue = 35, Symbol = new VariableSymbol(2026000123),
        };
        var july = new DocumentFacts(42, invoices, "2026000456", new DateOnly(2026, 7, 1), new DateOnly(2026, 7, 17), Money.Czk(499m), Money.Czk(499m))
        {
            DaysOverdue = 3, Symbol = new VariableSymbol(2026000456),
        };
        var coming = new DocumentFacts(43, kind, $"{kind.Traits().NumberPrefix}2026000789", Today, new DateOnly(2026, 8, 3), kind.Traits().Sign < 0 ? Money.Czk(-499m) : Money.Czk(499m), Money.Czk(499m))
        {
            Symbol = new VariableSymbol(2026000789),
        };
        var isDocument = Occasions.KindOf(occasion) is not null;
        var isReminder = occasion == Occasions.Reminder || Occasions.IsStep(occasion);
        var isClear = occasion is Occasions.Thanks or Occasions.Restored;
        var sender = new SenderFacts(
            issuer, "Rychlá síť s.r.o.", "podpora@rychlasit.example", "+420 555 123 456", "www.rychlasit.example",
            new PostalAddress("Hlavní 1", "Brno", "602 00", "CZ"), new PayeeFacts("CZ6508000000192000145399", "19-2000145399/0800", "1234567890"))
        {
            CompanyNumber = "12345678", VatNumber = "CZ12345678", RegisterText = "C 12345, Krajský soud v Brně",
        };
        return new MessageFacts(
            new AccountId(1), "K-1024", "Jana Nováková", language, "jana@novakova.example", "+420777123456", new PostalAddress("Polní 7", "Kuřim", "664 34", "CZ"), sender,
            isDocument ? coming : null, isClear ? [] : [june, july], isClear ? Money.Zero(Currency.Czk) : Money.Czk(1_499.50m),
            occasion == Occasions.Restricted ? ServiceLevel.Blocked : ServiceLevel.Full)
        {
            Today = Today,
            Open = isClear ? [] : [june, july],
            OpenSum = isClear ? Money.Zero(Currency.Czk) : Money.Czk(1_499.50m),
            Reminder = isReminder
                ? new ReminderFacts(Occasions.StepOf(occasion) ?? "first", DunningActions.Email | DunningActions.Sms, Fee: null,
                    new NextStepFacts("block", new DateOnly(2026, 7, 28), new DateOnly(2026, 7, 27), DunningActions.Block | DunningActions.Email))
                : null,
        };
    }

    /// <summary>A client of a Slovak issuer whose every document has its own symbol.</summary>
    private static MessageFacts InEuro(MessageFacts facts) => facts with
    {
        Sender = facts.Sender with { Payee = new PayeeFacts("SK3112000000198742637541", null, null) },
        Document = facts.Document is { } document ? Euro(document) : null,
        Overdue = [.. facts.Overdue.Select(Euro)],
        Open = [.. facts.Open.Select(Euro)],
        Debt = Euro(facts.Debt),
        OpenSum = Euro(facts.OpenSum),
        Credit = Euro(facts.Credit),
        Reminder = facts.Reminder is { } reminder ? reminder with { Fee = Money.Eur(4m) } : null,
    };

    private static DocumentFacts Euro(DocumentFacts document) => document with { Total = Euro(document.Total), Open = Euro(document.Open) };

    private static Money Euro(Money amount) => amount with { Currency = Currency.Eur };

    private static MessageFacts Many(MessageFacts facts) => facts.Overdue.IsEmpty ? facts : facts with
    {
        Overdue = [.. Enumerable.Repeat(facts.Overdue[0], 2 * TemplateLimits.MaxListed)],
        Open = [.. Enumerable.Repeat(facts.Overdue[0], 2 * TemplateLimits.MaxListed)],
        Debt = Money.FromMajor(100_050m, facts.Debt.Currency),
        OpenSum = Money.FromMajor(100_050m, facts.Debt.Currency),
    };
}
