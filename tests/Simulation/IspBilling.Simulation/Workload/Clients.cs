using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Simulation.Auditing;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Hosting;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Workload;

/// <summary>
/// The provider's clients and the people who serve them: they join, change plans, pause, pay in cash, promise, dispute and leave,
/// often for dates in the past, and ask again with the same id until they get an answer.
/// </summary>
internal sealed class Clients(
    Cluster cluster, Auditor auditor, Provider provider, Func<AccountId, AccountState> look, Loop loop, Calendar calendar, SimulatedClock clock, Dice dice,
    Weather weather)
{
    public const int MaxAttempts = 2_000;
    private static readonly Actor Clerk = new(ActorKind.Person, "1", "clerk");

    private const int MaxServices = 4;
    private int _named;

    private DateOnly Today => clock.Today;

    /// <summary>A client becomes one, with a service or two.</summary>
    public void Join(AccountId account)
    {
        Send(account, new SetProfile(provider.Profile(account.Value, dice)));
        for (var i = dice.Between(1, 2); i > 0; i--) Send(account, Subscribe());
    }

    /// <summary>Something that a client or a clerk wants.</summary>
    public void Act(AccountId account)
    {
        if (Wish(look(account)) is { } command) Send(account, command);
    }

    /// <summary>What became of the client's reminders: mostly something is heard of the last one soon, and now and then more of an older one.</summary>
    public void Post(AccountId account)
    {
        var state = look(account);
        if (state.Dunning.Taken.IsEmpty || !dice.Chance(0.4)) return;
        var taken = state.Dunning.Last is { ToldOn: null } last ? last : dice.Pick(state.Dunning.Taken);
        if (taken.By != DunningActions.None && (taken.ToldOn is null || dice.Chance(0.05))) Send(account, Report(state, taken));
    }

    /// <summary>Sends a command, late perhaps, and asks until it is answered.</summary>
    public void Send(AccountId account, AccountCommand command)
    {
        var envelope = dice.Envelope(command, Clerk);
        loop.Begin($"{command.GetType().Name} of {account}", async () =>
        {
            if (weather.Strikes(Fault.Delayed, weather.Plan.Delayed)) await calendar.Days(dice.Between(1, 15));
            for (var attempt = 1; !await Try(account, envelope); attempt++)
            {
                if (attempt == MaxAttempts) throw new InvalidOperationException($"no answer in {MaxAttempts} attempts");
                await loop.Wait();
            }
        });
    }

    private async Task<bool> Try(AccountId account, Envelope envelope)
    {
        try
        {
            await cluster.Ask(account, envelope);
            return true;
        }
        catch (Exception unknown) when (Cluster.IsFault(unknown))
        {
            return false;
        }
    }

    private AccountCommand? Wish(AccountState state)
    {
        var service = state.Services.Length > 0 ? dice.Pick(state.Services) : null;
        return dice.Below(44) switch
        {
            < 3 => state.Services.Length < MaxServices ? Subscribe() : null,
            < 9 => service is null ? null : ChangeTerms(service),
            < 11 => service is null ? null : ChangeEnd(service),
            < 13 => service is null ? null : new PutPause(service.Reference, new Pause($"p{dice.Below(4)}", Day(-60, 40), Until(), dice.Chance(0.2), "away")),
            < 14 => service is null ? null : new RemovePause(service.Reference, $"p{dice.Below(4)}"),
            < 17 => service is null ? null : AgreePrice(service),
            < 18 => service is null ? null : new RemoveSpecialPrice(service.Reference, $"a{dice.Below(4)}"),
            < 21 => AddItem(),
            < 22 => CancelItem(state.Id),
            < 25 => new Bill(Day(-20, 20), null, PreviewOnly: dice.Chance(0.4)),
            < 28 => PayInCash(state),
            < 29 => state.Payments.Length == 0 ? null : TakeBack(dice.Pick(state.Payments)),
            < 30 => Unassign(state),
            < 31 => new Review(),
            < 33 => new PromiseToPay(dice.Chance(0.2) ? null : Today.AddDays(dice.Between(-1, dice.Chance(0.3) ? 120 : 20))),
            < 35 => state.Documents.Length == 0 ? null : new SetDispute(dice.Pick(state.Documents).Ordinal, dice.Chance(0.5), "says the client"),
            < 36 => new SetDunningExemption(dice.Chance(0.3), "a friend of the house"),
            < 37 => new CloseAccount(),
            < 38 => dice.Chance(0.5) ? new ReopenAccount() : new RestoreByHand("on the telephone"),
            < 40 => ChangeProfile(state),
            < 43 => PutContract(state),
            _ => new RemoveContract($"c{dice.Below(3)}"),
        };
    }

    /// <summary>A contract is signed, changed or ended; now and then under the number of another one.</summary>
    private PutContract PutContract(AccountState state)
    {
        var (reference, start) = ($"c{dice.Below(3)}", Day(-90, 20));
        var months = dice.Pick([0, 1, 12, 24]);
        var terms = months == 0 || dice.Chance(0.3)
            ? null
            : new EarlyEndTerms(dice.Pick([0, 500, 10_000]), dice.Chance(0.5) ? 1 : null, dice.Chance(0.5) ? new Money(dice.Between(1, 3_000_00), Currency.Czk) : null);
        return new PutContract(new Contract(
            reference, $"2026/{(dice.Chance(0.1) ? "1" : $"{state.Id}-{reference}")}", dice.Chance(0.5) ? start : null, start,
            dice.Chance(0.6) ? Day(-90, 60) : null, months, dice.Pick([0, 30]), dice.Chance(0.3) ? "drawer 3" : null, terms));
    }

    /// <summary>Mostly the one it belongs to; else another one or none, and now and then one that nobody signed.</summary>
    private string? ContractFor(Service service) =>
        dice.Chance(0.8) ? service.Contract : dice.Chance(0.3) ? null : $"c{dice.Below(3)}";

    /// <summary>What was sent is accepted, on its day or later, or it is not; what was accepted may come back, and be said again.</summary>
    private AccountCommand Report(AccountState state, TakenStep taken)
    {
        var reminder = new SendReminder(taken.Code, taken.By, Money.Zero(Currency.Czk), taken.On);
        var channel = taken.By.HasFlag(DunningActions.Sms) && dice.Chance(0.5) ? MessageChannel.Sms : MessageChannel.Email;
        var on = taken.On.AddDays(dice.Between(0, Math.Max(0, Today.DayNumber - taken.On.DayNumber)));
        if (taken.NoticeBy(channel) is { } known && dice.Chance(0.7))
            return new TakeBackDelivery(new DeliveryId(state.Id, known.Version, known.Ordinal), channel, reminder, "no such user", on);
        var outcome = dice.Pick([
            DeliveryOutcome.Delivered, DeliveryOutcome.Delivered, DeliveryOutcome.Delivered, DeliveryOutcome.Delivered, DeliveryOutcome.Failed, DeliveryOutcome.Dead,
            DeliveryOutcome.Superseded, DeliveryOutcome.Unknown]);
        return new RecordDelivery(new DeliveryId(state.Id, state.Version, (int)channel), channel, reminder, outcome, on);
    }

    private PutService Subscribe()
    {
        var start = Day(-40, 20);
        var tariff = dice.Chance(weather.Plan.ParkedFor) ? Provider.Unpriced : Tariff();
        return new PutService($"s{++_named}", start, dice.Chance(0.3) ? start.AddDays(dice.Between(1, 400)) : null, tariff, Quantity(), Cycle(), Timing(), null);
    }

    private PutService ChangeTerms(Service service)
    {
        var terms = service.Terms[^1];
        return new PutService(
            service.Reference, service.Start, service.End,
            dice.Chance(0.7) ? Tariff() : terms.Tariff,
            dice.Chance(0.2) ? Quantity() : terms.Quantity,
            dice.Chance(0.2) ? Cycle() : terms.Cycle,
            dice.Chance(0.1) ? Timing() : terms.Timing,
            dice.Chance(0.3) ? null : Day(-70, 40),
            Contract: ContractFor(service));
    }

    private PutService ChangeEnd(Service service)
    {
        var terms = service.Terms[^1];
        return new PutService(service.Reference, service.Start, dice.Chance(0.3) ? null : Day(-60, 60), terms.Tariff, terms.Quantity, terms.Cycle, terms.Timing, null, Contract: ContractFor(service));
    }

    private PutSpecialPrice AgreePrice(Service service)
    {
        var isPrice = dice.Chance(0.5);
        return new PutSpecialPrice(
            service.Reference, $"a{dice.Below(4)}", Day(-60, 40), Until(),
            isPrice ? new Money(dice.Between(0, 800_00), Currency.Czk) : null, isPrice ? null : dice.Pick([500, 1000, 3333, 10_000]), "loyal");
    }

    private AddOneOff AddItem() => new(
        $"i{++_named}", Day(-40, 40), "item", Quantity(), new Money(dice.Pick([1, 12_345, 499_00, 1_000_00, -200_00, -33_33]), Currency.Czk),
        dice.Pick([PriceMode.Gross, PriceMode.Net]), dice.Pick([VatCategory.Standard, VatCategory.Reduced]));

    private CancelOneOff? CancelItem(AccountId account)
    {
        var items = auditor.ItemsOf(account).ToList();
        return items.Count == 0 ? null : new CancelOneOff(dice.Pick(items).Id);
    }

    private BookPayment PayInCash(AccountState state)
    {
        var open = state.Documents.Where(document => document.Kind == DocumentKind.Invoice && document.Open.IsPositive).ToList();
        var named = open.Count > 0 ? dice.Pick(open) : null;
        var amount = named is not null && dice.Chance(0.5) ? named.Open : new Money(dice.Between(1, 2_000_00), Currency.Czk);
        return new BookPayment($"cash-{++_named}", amount, Today, dice.Chance(0.6) ? named?.Symbol : null, null, null, MatchRule.NamedDocument);
    }

    private ReversePayment TakeBack(Payment payment) => new(
        $"back-{++_named}", payment.Amount, Today, payment.Symbol, payment.CounterAccount, payment.OrderReference);

    /// <summary>Only what was paid in cash: what came by a bank's file is taken off at the clerk's desk.</summary>
    private UnassignPayment? Unassign(AccountState state)
    {
        var cash = state.Payments.Where(payment => payment.Entry.StartsWith("cash-", StringComparison.Ordinal)).ToList();
        return cash.Count == 0 ? null : new UnassignPayment(dice.Pick(cash).Entry, "another client's");
    }

    private SetProfile? ChangeProfile(AccountState state)
    {
        if (state.Profile is not { } before) return null;
        var drawn = provider.Profile(state.Id.Value, dice);
        return new SetProfile(drawn with { Issuer = dice.Chance(0.9) ? before.Issuer : drawn.Issuer });
    }

    private DateOnly Day(int from, int to) => Today.AddDays(dice.Between(from, to));

    private DateOnly? Until() => dice.Chance(0.3) ? null : Day(-30, 150);

    private TariffId Tariff() => new(dice.Between(1, 6));

    private Quantity Quantity() => new(dice.Chance(0.8) ? 1000 : dice.Pick([500, 1333, 2000, 3000]));

    private BillingCycle Cycle() => dice.Chance(0.5)
        ? BillingCycle.Monthly
        : new BillingCycle(dice.Pick([1, 1, 2, 3, 6, 12]), dice.Chance(0.5) ? dice.Pick([1, 15, 28, 29, 30, 31]) : null);

    private BillingTiming Timing() => dice.Chance(0.8) ? BillingTiming.InAdvance : BillingTiming.InArrears;
}
