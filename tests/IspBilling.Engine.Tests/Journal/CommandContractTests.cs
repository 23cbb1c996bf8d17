using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Json;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>Commands and replies go from machine to machine as JSON: each must come out as it went in.</summary>
public class CommandContractTests
{
    private static readonly DateOnly Day = new(2026, 11, 1);

    public static TheoryData<AccountCommand> Commands =>
    [
        Given.Client(),
        new PutService("S1", Day, Day.AddYears(1), new TariffId(3), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, Day),
        new PutService("S1", Day, null, new TariffId(3), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, null, Revision: 12),
        new PutService("S1", Day, null, new TariffId(3), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, null, Contract: "C1"),
        new PutContract(new Contract("C1", "2026/0117", Day, Day.AddDays(3), Day.AddYears(3), 24, 30, "zásuvka 3", new EarlyEndTerms(500, 3, Money.Czk(2_400))) { PushRevision = 12 }),
        new PutContract(new Contract("C1", "2026/0117", null, Day, null, 0, 0, null, null)),
        new RemoveContract("C1"),
        Given.Client() with { Revision = 12 },
        new PutPause("S1", new Pause("P1", Day, Day.AddDays(9), Bills: false, "abroad")),
        new RemovePause("S1", "P1"),
        new PutSpecialPrice("S1", "X", Day, null, Money.Czk(199_00), null, "loyalty"),
        new RemoveSpecialPrice("S1", "X"),
        new AddOneOff("O1", Day, "příjezd technika \"Wi-Fi\"", Quantity.One, Money.Czk(-500_00), PriceMode.Gross, VatCategory.Standard),
        new CancelOneOff("O1"),
        new Bill(Day, new RunId(Guid.NewGuid()), PreviewOnly: true),
        new Bill(Day, Run: null, PreviewOnly: false),
        new BookPayment("e1", Money.Czk(1), Day, new VariableSymbol(42), "19-2000145399/0800", "ref", MatchRule.Clerk),
        new ReversePayment("e2", Money.Czk(1), Day, null, null, null),
        new UnassignPayment("e1", "wrong client"),
        new BookRefund("e3", Money.Czk(1), Day, new VariableSymbol(42), "19-2000145399/0800", "ref", MatchRule.Clerk, "paid twice"),
        new ReturnPayment("e4", 7, Money.Czk(1), Day, "account closed"),
        new BookPayment("e5", Money.Czk(25), Day, null, null, null, MatchRule.Clerk, "rate of the day", Money.Eur(1)),
        new Review(),
        new PromiseToPay(Day),
        new SetDispute(7, Disputed: true, "broken link"),
        new SetDunningExemption(Exempt: true, "hospital"),
        new RestoreByHand("our mistake"),
        new RecordDelivery(
            new DeliveryId(new AccountId(42), 17, 1), MessageChannel.Sms, new SendReminder("first", DunningActions.Email | DunningActions.Sms, Money.Czk(499), Day),
            DeliveryOutcome.Unknown, Day),
        new ConfirmMessage(new SendReminder("first", DunningActions.Email, Money.Czk(499), Day, 7)),
        new TakeBackDelivery(
            new DeliveryId(new AccountId(42), 17, 1), MessageChannel.Email, new SendReminder("first", DunningActions.Email, Money.Czk(499), Day), "no such user", Day),
        new MarkEmail(EmailFault.Complaint, ["eva@example.org", "alias@example.org"], "abuse"),
        new MarkEmail(EmailFault.Undeliverable, [], "550 5.1.1 no such user"),
        new ClearEmailMark("wrote to us from it"),
        new SendAnotherWay(new DeliveryId(new AccountId(42), 17, 1), new DeliverDocument(3, DeliveryPreference.Email)),
        new CloseAccount(),
        new ReopenAccount(),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_comes_out_as_it_went_in(AccountCommand command) => Assert.Equal(command, Sent(command));

    [Fact]
    public void Every_command_is_tried()
    {
        var all = typeof(AccountCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AccountCommand)));

        Assert.Equal(all.Select(type => type.Name).Order(), ((IEnumerable<object[]>)Commands).Select(row => row[0].GetType().Name).Distinct().Order());
    }

    [Fact]
    public void An_account_that_is_parked_says_so_elsewhere_as_well()
    {
        var parked = new Parked("tariff 7 does not exist");

        Assert.Equal(parked, JournalJson.ReadReply(Written(json => JournalJson.WriteReply(json, parked))));
    }

    [Fact]
    public void That_a_push_was_out_of_date_is_said_elsewhere_as_well()
    {
        var stale = new Stale(12);

        Assert.Equal(stale, JournalJson.ReadReply(Written(json => JournalJson.WriteReply(json, stale))));
    }

    [Fact]
    public void That_a_client_is_new_and_which_value_was_refused_is_said_elsewhere_as_well()
    {
        foreach (var reply in (AccountReply[])[new ClientCreated(), new Refused(RefusalReason.InvalidValue, "quantity above 0 expected", "Quantity")])
            Assert.Equal(reply, JournalJson.ReadReply(Written(json => JournalJson.WriteReply(json, reply))));

        Assert.Equal(
            new Refused(RefusalReason.UnknownPayment, "no payment", Member: null),
            JournalJson.ReadReply("{\"$type\":\"refused.v1\",\"reason\":\"UnknownPayment\",\"detail\":\"no payment\"}"u8));
    }

    private static AccountCommand Sent(AccountCommand command) => JournalJson.ReadCommand(Written(json => JournalJson.WriteCommand(json, command)));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text)) write(json);
        return text.ToArray();
    }
}
