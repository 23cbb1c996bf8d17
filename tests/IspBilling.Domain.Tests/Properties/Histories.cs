using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>One thing that happens to an account, a few days after the thing before. Offsets are days from then.</summary>
public abstract record Act(int Later);

public sealed record Subscribes(int Later, int Service, int Start, int? Length, int Tariff, int Thousandths, int Months, int? Anchor, bool Arrears) : Act(Later);

public sealed record Ends(int Later, int Service, int? End) : Act(Later);

public sealed record ChangesTerms(int Later, int Service, int From, int Tariff, int Thousandths, int? Months, int? Anchor, bool? Arrears) : Act(Later);

public sealed record AgreesPrice(int Later, int Service, int Id, int From, int? Length, int? Price, int? Discount) : Act(Later);

public sealed record DropsPrice(int Later, int Service, int Id) : Act(Later);

public sealed record Pauses(int Later, int Service, int Id, int From, int? Length, bool Bills) : Act(Later);

public sealed record DropsPause(int Later, int Service, int Id) : Act(Later);

public sealed record AddsItem(int Later, int Id, int Date, int Price, int Thousandths, bool Net) : Act(Later);

public sealed record CancelsItem(int Later, int Id) : Act(Later);

public sealed record Bills(int Later, int Through) : Act(Later);

/// <summary>Somebody enters a price into the catalogue, or corrects one: of <see cref="OnDayOf"/> a version that is there.</summary>
public sealed record EntersPrice(int Later, int Tariff, int From, int? OnDayOf, int Price, bool Reprices) : Act(Later);

public sealed record Pays(int Later, int? Named, int? Amount) : Act(Later);

public sealed record Returns(int Later, int Payment) : Act(Later);

public sealed record Unassigns(int Later, int Payment) : Act(Later);

/// <param name="Share">Of the account's credit, in hundredths; above 100 there is not enough.</param>
public sealed record Refunds(int Later, int Share) : Act(Later);

/// <param name="Share">Of what is left of the payment, in hundredths.</param>
public sealed record GoesBack(int Later, int Payment, int Share) : Act(Later);

/// <summary>What a clerk did by an entry is undone: a payment, a refund or a return.</summary>
public sealed record Undoes(int Later, int Entry) : Act(Later);

public sealed record Disputes(int Later, int Document, bool Disputed) : Act(Later);

public sealed record Promises(int Later, int? Days) : Act(Later);

public sealed record Reviews(int Later) : Act(Later);

/// <summary>A history as text, so that a counter-example can be read and replayed.</summary>
public sealed record History(ImmutableArray<Act> Acts)
{
    public override string ToString() => string.Join(Environment.NewLine, Acts);
}

internal static class Histories
{
    private static readonly Gen<int> Later = Gen.Frequency((3, Gen.Constant(0)), (5, Gen.Choose(1, 20)), (1, Gen.Choose(21, 70)));
    private static readonly Gen<int> ServiceNumber = Gen.Choose(1, 3);
    private static readonly Gen<int> Around = Gen.Choose(-75, 45);
    private static readonly Gen<int?> Length = Gen.Frequency((1, Gen.Constant<int?>(null)), (2, Maybe(Gen.Choose(1, 40))), (1, Maybe(Gen.Choose(41, 400))));
    private static readonly Gen<int> Tariff = Gen.Choose(1, 4);
    private static readonly Gen<int> Thousandths = Gen.Frequency((4, Gen.Constant(1000)), (1, Gen.Elements(500, 2000, 3000, 1333)));
    private static readonly Gen<int> Months = Gen.Frequency((5, Gen.Constant(1)), (3, Gen.Elements(2, 3, 6, 12)));
    private static readonly Gen<int?> Anchor = Gen.Frequency((2, Gen.Constant<int?>(null)), (2, Maybe(Gen.Elements(1, 15, 28, 29, 30, 31))));
    private static readonly Gen<bool> Rarely = Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)));
    private static readonly Gen<bool> Either = Gen.Elements(false, true);
    private static readonly Gen<int> Price = Gen.Frequency((1, Gen.Elements(0, 10000, 20000, 39900, 99800)), (2, Gen.Choose(1, 120_000)));

    private static readonly Gen<Act> Subscribes =
        from later in Later
        from service in ServiceNumber
        from start in Around
        from length in Length
        from tariff in Tariff
        from quantity in Thousandths
        from months in Months
        from anchor in Anchor
        from arrears in Rarely
        select (Act)new Subscribes(later, service, start, length, tariff, quantity, months, anchor, arrears);

    private static readonly Gen<Act> ChangesServices = Gen.OneOf(
        from later in Later
        from service in ServiceNumber
        from end in Gen.Frequency((1, Gen.Constant<int?>(null)), (2, Maybe(Around)))
        select (Act)new Ends(later, service, end),
        from later in Later
        from service in ServiceNumber
        from from_ in Around
        from tariff in Tariff
        from quantity in Thousandths
        from months in Gen.Frequency((3, Gen.Constant<int?>(null)), (1, Maybe(Months)))
        from anchor in Anchor
        from arrears in Gen.Frequency((3, Gen.Constant<bool?>(null)), (1, Either.Select(value => (bool?)value)))
        select (Act)new ChangesTerms(later, service, from_, tariff, quantity, months, anchor, arrears),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 3)
        from from_ in Around
        from length in Length
        from price in Price
        select (Act)new AgreesPrice(later, service, id, from_, length, price, null),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(4, 6)
        from from_ in Around
        from length in Length
        from discount in Gen.Elements(1, 500, 1000, 3333, 5000, 10_000)
        select (Act)new AgreesPrice(later, service, id, from_, length, null, discount),
        from later in Later from service in ServiceNumber from id in Gen.Choose(1, 6) select (Act)new DropsPrice(later, service, id),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 3)
        from from_ in Around
        from length in Length
        from bills in Rarely
        select (Act)new Pauses(later, service, id, from_, length, bills),
        from later in Later from service in ServiceNumber from id in Gen.Choose(1, 3) select (Act)new DropsPause(later, service, id));

    /// <summary>As long as a billing period or two.</summary>
    private static readonly Gen<int?> LongLength = Gen.Frequency((1, Gen.Constant<int?>(null)), (4, Maybe(Gen.Choose(28, 75))));

    private static readonly Gen<Act> LeavesOut = Gen.OneOf(
        from later in Later from service in ServiceNumber from end in Around select (Act)new Ends(later, service, end),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 2)
        from from_ in Around
        from length in LongLength
        select (Act)new Pauses(later, service, id, from_, length, Bills: false),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 2)
        from from_ in Around
        from length in LongLength
        select (Act)new AgreesPrice(later, service, id, from_, length, 0, null),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(4, 5)
        from from_ in Around
        from length in LongLength
        select (Act)new AgreesPrice(later, service, id, from_, length, null, 10_000));

    private static readonly Gen<Act> MakesDue = Gen.OneOf(
        from later in Later
        from service in ServiceNumber
        from end in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Maybe(Gen.Choose(0, 120))))
        select (Act)new Ends(later, service, end),
        from later in Later from service in ServiceNumber from id in Gen.Choose(1, 2) select (Act)new DropsPause(later, service, id),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 2)
        from from_ in Around
        from length in Length
        from bills in Either
        select (Act)new Pauses(later, service, id, from_, length, bills),
        from later in Later from service in ServiceNumber from id in Gen.Elements(1, 2, 4, 5) select (Act)new DropsPrice(later, service, id),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(1, 2)
        from from_ in Around
        from length in Length
        from price in Gen.Elements(0, 20_000, 39_900)
        select (Act)new AgreesPrice(later, service, id, from_, length, price, null),
        from later in Later
        from service in ServiceNumber
        from id in Gen.Choose(4, 5)
        from from_ in Around
        from length in Length
        from discount in Gen.Elements(1_000, 10_000)
        select (Act)new AgreesPrice(later, service, id, from_, length, null, discount));

    private static readonly Gen<Act> Items = Gen.Frequency(
        (3, from later in Later
            from id in Gen.Choose(1, 8)
            from date in Around
            from price in Gen.Choose(-60_000, 90_000)
            from quantity in Thousandths
            from net in Either
            select (Act)new AddsItem(later, id, date, price, quantity, net)),
        (1, from later in Later from id in Gen.Choose(1, 8) select (Act)new CancelsItem(later, id)));

    private static readonly Gen<Act> Billing =
        from later in Later from through in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(-20, 40))) select (Act)new Bills(later, through);

    private static readonly Gen<Act> Prices =
        from later in Later
        from tariff in Tariff
        from from_ in Around
        from at in Gen.Frequency((3, Gen.Constant<int?>(null)), (1, Maybe(Gen.Choose(0, 5))))
        from price in Price
        from reprices in Rarely
        select (Act)new EntersPrice(later, tariff, from_, at, price, reprices);

    private static readonly Gen<Act> Money = Gen.Frequency(
        (4, from later in Later
            from named in Gen.Frequency((1, Gen.Constant<int?>(null)), (2, Maybe(Gen.Choose(0, 30))))
            from amount in Gen.Frequency((1, Gen.Constant<int?>(null)), (1, Maybe(Gen.Choose(1, 200_000))))
            select (Act)new Pays(later, named, amount)),
        (1, from later in Later from payment in Gen.Choose(0, 30) select (Act)new Returns(later, payment)),
        (1, from later in Later from payment in Gen.Choose(0, 30) select (Act)new Unassigns(later, payment)),
        (2, from later in Later from share in Gen.Choose(1, 105) select (Act)new Refunds(later, share)),
        (1, from later in Later from payment in Gen.Choose(0, 30) from share in Gen.Elements(10, 50, 100) select (Act)new GoesBack(later, payment, share)),
        (1, from later in Later from entry in Gen.Choose(0, 30) select (Act)new Undoes(later, entry)));

    private static readonly Gen<Act> Dunning = Gen.Frequency(
        (4, Later.Select(later => (Act)new Reviews(later))),
        (1, from later in Later from document in Gen.Choose(0, 30) from disputed in Either select (Act)new Disputes(later, document, disputed)),
        (1, from later in Later
            from days in Gen.Frequency((1, Gen.Constant<int?>(null)), (3, Maybe(Gen.Choose(0, 30))))
            select (Act)new Promises(later, days)));

    /// <summary>Changes to services and bills in turn: what the arithmetic of charges has to survive.</summary>
    public static Arbitrary<History> OfServices { get; } = Of(Gen.Frequency((2, Subscribes), (6, ChangesServices), (4, Billing)));

    /// <summary>The same while the catalogue gets new prices and old ones are corrected.</summary>
    public static Arbitrary<History> OfPrices { get; } = Of(Gen.Frequency((2, Subscribes), (4, ChangesServices), (3, Prices), (4, Billing)));

    /// <summary>
    /// Billing periods are left out whole, by a pause, an end or a price of nothing, and made due later by what takes that back, shortens it or replaces
    /// it, while the catalogue and the quantity change as well.
    /// </summary>
    public static Arbitrary<History> OfLeftOutPeriods { get; } = Of(
        Gen.Frequency((1, Subscribes), (5, LeavesOut), (6, MakesDue), (1, ChangesServices), (1, Prices), (8, Billing)), smallest: 10);

    /// <summary>Everything that can happen.</summary>
    public static Arbitrary<History> OfEverything { get; } =
        Of(Gen.Frequency((2, Subscribes), (4, ChangesServices), (2, Items), (5, Billing), (5, Money), (3, Dunning)));

    /// <summary>Little changes, much is billed and paid: years go by.</summary>
    public static Arbitrary<History> OfQuietYears { get; } = Of(
        Gen.Frequency((2, ChangesServices), (1, Items), (12, Billing), (8, Money), (2, Dunning)), smallest: 60, largest: 120);

    /// <summary>Whether a property holds for so many histories.</summary>
    public static void Each(Arbitrary<History> histories, int tests, Action<History> property) =>
        Prop.ForAll(histories, property).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithMaxRejected(0));

    private static Arbitrary<History> Of(Gen<Act> act, int smallest = 4, int largest = 45) => Arb.From(
        from size in Gen.Choose(smallest, largest)
        from acts in act.ListOf(size)
        from first in Subscribes
        select new History([first, .. acts]),
        Smaller);

    /// <summary>Halves, quarters and single acts are left out, as long as the property still fails.</summary>
    private static IEnumerable<History> Smaller(History history)
    {
        for (var run = history.Acts.Length / 2; run >= 1; run /= 2)
        {
            for (var at = 0; at + run <= history.Acts.Length; at += run) yield return new History(history.Acts.RemoveRange(at, run));
        }
    }

    private static Gen<int?> Maybe(Gen<int> gen) => gen.Select(value => (int?)value);
}
