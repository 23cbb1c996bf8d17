using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;

namespace IspBilling.Outreach.Tests;

/// <summary>Clients and words for tests that are about neither.</summary>
internal static class Messages
{
    public static readonly Actor Clerk = new(ActorKind.Person, "7", "Eva Malá");

    public static readonly SendReminder Reminder = new("first", DunningActions.Email, Money.Czk(499), new DateOnly(2026, 3, 2));

    public static MessageFacts Facts(AccountId account, string name = "Žofie Nováčková", string? email = "zofie@example.test") => new(
        account, $"C-{account.Value}", name, "cs", email, null, new PostalAddress("Dlouhá 1", "Brno", "602 00", "CZ"),
        new SenderFacts(new IssuerId(1), "Příklad s.r.o.", "ucetni@provider.test", null, null, new PostalAddress("Krátká 2", "Brno", "602 00", "CZ"), null),
        null, [], Money.Czk(499), ServiceLevel.Full);

    public static readonly MessageText Text = new("cs", "Připomínka splatnosti č. 1 – žluťoučký kůň", "Dobrý den,\nprosíme o úhradu.", "<p>Dobrý den, prosíme o úhradu.</p>", "test/email/cs@1");
}
