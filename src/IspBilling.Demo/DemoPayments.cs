using Bogus;
using IspBilling.Domain;

namespace IspBilling.Demo;

/// <summary>An invoice as somebody would pay it.</summary>
public sealed record PayableInvoice(VariableSymbol Symbol, Money Total);

/// <summary>What clients pay, and the usual mess: partly, too much, with a wrong symbol or none, twice, and money that comes back.</summary>
public static class DemoPayments
{
    /// <param name="bookedOn">The statement's day.</param>
    /// <returns>Entries in the order of a bank statement, each with a unique reference.</returns>
    public static IEnumerable<StatementEntry> For(IEnumerable<PayableInvoice> invoices, DateOnly bookedOn, int seed)
    {
        var random = new Randomizer(seed);
        var number = 0;
        foreach (var invoice in invoices)
        {
            var payer = Payer(random);
            switch (random.Int(0, 99))
            {
                case < 78:
                    yield return Entry(invoice.Total, invoice.Symbol, payer);
                    break;
                case < 83:
                    yield return Entry(Part(invoice.Total, random.Int(30, 80)), invoice.Symbol, payer);
                    break;
                case < 87:
                    yield return Entry(invoice.Total + Money.Czk(random.Int(1, 5) * 100m), invoice.Symbol, payer);
                    break;
                case < 89:
                    yield return Entry(invoice.Total, new VariableSymbol(9_000_000_000 + random.Int(1, 99_999_999)), payer);
                    break;
                case < 91:
                    yield return Entry(invoice.Total, symbol: null, payer, message: $"platba faktury {invoice.Symbol}");
                    break;
                case < 92:
                    yield return Entry(invoice.Total, symbol: null, payer, message: "internet");
                    break;
                case < 94:
                    yield return Entry(invoice.Total, invoice.Symbol, payer);
                    yield return Entry(invoice.Total, invoice.Symbol, payer);
                    break;
                case < 95:
                    yield return Entry(invoice.Total, invoice.Symbol, payer);
                    yield return Entry(invoice.Total, invoice.Symbol, payer) with { Direction = EntryDirection.Debit, IsReversal = true };
                    break;
                default:
                    // Five in a hundred do not pay.
                    break;
            }
        }

        yield return Entry(Money.Czk(12_500m), null, "123457/0710", "nájem anténního stožáru") with { Direction = EntryDirection.Debit };

        StatementEntry Entry(Money amount, VariableSymbol? symbol, string payer, string? message = null)
        {
            number++;
            return new StatementEntry(
                DemoProvider.BankAccount.ToString(), $"{bookedOn:yyMMdd}{number:0000000}", amount, EntryDirection.Credit, IsReversal: false, bookedOn, bookedOn,
                payer, CounterName: null, symbol, ConstantSymbol: "308", SpecificSymbol: null, message, OrderReference: null, $"record {number}");
        }
    }

    /// <summary>An account number that passes the check of the bank: weights 6, 3, 7, 9, 10, 5, 8, 4, 2, 1 sum to a multiple of 11.</summary>
    private static string Payer(Randomizer random)
    {
        ReadOnlySpan<int> weights = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
        while (true)
        {
            var digits = random.Replace("2#########");
            var sum = 0;
            for (var i = 0; i < digits.Length; i++) sum += (digits[i] - '0') * weights[i];
            if (sum % 11 == 0) return $"{digits}/{random.ArrayElement(["0100", "0300", "0800", "2010", "5500"])}";
        }
    }

    private static Money Part(Money whole, int percent) => whole.Times(percent, 100);
}
