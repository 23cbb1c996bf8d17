using System.Globalization;
using Bogus;
using IspBilling.Demo;
using IspBilling.Domain;

namespace IspBilling.LoadTests.Payments;

/// <summary>The movements by which clients pay invoices, in the order of a bank statement; the same seed pays in the same way.</summary>
/// <param name="ownAccount">As the file's format writes it.</param>
public sealed class PaymentStream(PaymentMix mix, int seed, string ownAccount, DateOnly bookedOn)
{
    /// <summary>So many entries after a payment at most, the bank takes it back.</summary>
    private const int TakenBackWithin = 1_000;

    private const int InstalmentsMax = 5;

    private static readonly string[] Banks = ["0100", "0300", "0800", "2010", "5500"];

    private readonly Dictionary<PaymentKind, KindTally> _tallies = [];

    /// <summary>Of what has been enumerated so far.</summary>
    public IReadOnlyDictionary<PaymentKind, KindTally> Tallies => _tallies;

    /// <summary>As many as the invoices' payments take, and one that is no client's. Enumerate once.</summary>
    public IEnumerable<StatementEntry> Of(IEnumerable<PayableInvoice> invoices)
    {
        var random = new Randomizer(seed);
        var takenBack = new PriorityQueue<StatementEntry, long>();
        var (written, paid) = (0L, 0);
        foreach (var invoice in invoices)
        {
            var kind = mix.Draw(random.Double(0, 100));
            var exact = Entry(kind, invoice.Total, invoice.Symbol, Payer(++paid), Reference(random));
            foreach (var entry in Paid(kind, invoice, exact, random))
            {
                yield return entry;
                written++;
                while (takenBack.TryPeek(out var back, out var due) && due <= written)
                {
                    takenBack.Dequeue();
                    yield return back;
                    written++;
                }
            }

            if (kind == PaymentKind.Reversed) takenBack.Enqueue(TakenBack(exact, random), written + random.Int(0, TakenBackWithin));
        }

        while (takenBack.TryDequeue(out var back, out _)) yield return back;
        Tally(PaymentKind.Outgoing, 1, 0);
        yield return Entry(PaymentKind.Outgoing, Money.Czk(12_500m), null, "123457/0710", "1") with { Direction = EntryDirection.Debit };
    }

    private List<StatementEntry> Paid(PaymentKind kind, PayableInvoice invoice, StatementEntry exact, Randomizer random)
    {
        var total = invoice.Total;
        switch (kind)
        {
            case PaymentKind.Instalments:
                var parts = Instalments(total, random.Int(2, InstalmentsMax));
                Tally(kind, parts.Count, 0);
                return [.. parts.Select(part => exact with { Amount = part, EntryReference = Reference(random) })];
            case PaymentKind.Partial:
                var part = total.Times(random.Int(30, 80), 100);
                Tally(kind, 1, (total - part).Minor);
                return [exact with { Amount = part }];
            case PaymentKind.Over:
                var more = Money.Czk(random.Int(1, 5) * 100m);
                Tally(kind, 1, -more.Minor);
                return [exact with { Amount = total + more }];
            case PaymentKind.NumberInMessage:
                Tally(kind, 1, 0);
                return [exact with { VariableSymbol = null, Message = $"platba faktury {invoice.Symbol}" }];
            case PaymentKind.NoSymbol:
                Tally(kind, 1, total.Minor);
                return [exact with { VariableSymbol = null, Message = "internet" }];
            case PaymentKind.UnknownSymbol:
                Tally(kind, 1, total.Minor);
                return [exact with { VariableSymbol = new VariableSymbol(9_000_000_000 + random.Int(1, 99_999_999)) }];
            case PaymentKind.Duplicated:
                Tally(kind, 2, -total.Minor);
                return [exact with { EntryReference = null }, exact with { EntryReference = null }];
            case PaymentKind.Reversed:
                Tally(kind, 2, total.Minor);
                return [exact];
            default:
                Tally(kind, 1, 0);
                return [exact];
        }
    }

    private static List<Money> Instalments(Money total, int count)
    {
        var parts = new List<Money>(count);
        for (var i = 1; i < count; i++) parts.Add(total.Times(1, count));
        parts.Add(parts.Aggregate(total, (left, part) => left - part));
        return parts;
    }

    private static StatementEntry TakenBack(StatementEntry payment, Randomizer random) =>
        payment with { Direction = EntryDirection.Debit, IsReversal = true, EntryReference = Reference(random) };

    private StatementEntry Entry(PaymentKind kind, Money amount, VariableSymbol? symbol, string payer, string reference) => new(
        ownAccount, reference, amount, EntryDirection.Credit, IsReversal: false, bookedOn, bookedOn, payer, CounterName: null, symbol,
        ConstantSymbol: "308", ((int)kind).ToString(CultureInfo.InvariantCulture), Message: null, OrderReference: null, Position: "");

    /// <summary>Twelve digits: what GPC holds.</summary>
    private static string Reference(Randomizer random) => random.Long(100_000_000_000, 999_999_999_999).ToString(CultureInfo.InvariantCulture);

    /// <summary>An account of its own for each payer, which passes the check of the bank: weights 6, 3, 7, 9, 10, 5, 8, 4, 2, 1 sum to a multiple of 11.</summary>
    private static string Payer(int index)
    {
        ReadOnlySpan<int> weights = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
        for (var number = 2_000_000_000L + (index * 100L); ; number++)
        {
            var (rest, sum) = (number, 0L);
            for (var i = weights.Length - 1; i >= 0; i--, rest /= 10) sum += rest % 10 * weights[i];
            if (sum % 11 == 0) return string.Create(CultureInfo.InvariantCulture, $"{number}/{Banks[index % Banks.Length]}");
        }
    }

    private void Tally(PaymentKind kind, long entries, long balanceMinor)
    {
        if (!_tallies.TryGetValue(kind, out var tally)) _tallies.Add(kind, tally = new KindTally());
        tally.Add(entries, balanceMinor);
    }
}
