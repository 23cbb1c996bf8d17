using IspBilling.LoadTests.Payments;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>A business history, made by the engine itself in seconds: nothing in the database is there that a provider's would not hold.</summary>
internal static class PaidMonths
{
    /// <summary>Clients join, are billed every month and pay at once by a statement; it ends on the day on which it began to be made.</summary>
    public static async Task LetPass(
        LoadBed bed, int accounts, int months, int seed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var (today, day) = (bed.Context.Today, bed.Context.Today.AddMonths(-months));
        bed.Clock.MoveOn(day.DayNumber - today.DayNumber);
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        for (var month = 1; month <= months; month++)
        {
            report("months passing", month - 1, months);
            await BillScenario.Bill(bed, Quiet, accounts, cancellation);
            var invoices = await PayableInvoices.Unpaid(bed.Database, day, cancellation);
            var statement = await PaidByStatement.Write(bed, invoices, PaymentMix.AllExact, seed + month, cancellation);
            await PaidByStatement.Book(bed, bed.Booking, statement, cancellation);
            var next = today.AddMonths(month - months);
            bed.Clock.MoveOn(next.DayNumber - day.DayNumber);
            day = next;
        }

        report("months passing", months, months);
    }

    private static void Quiet(string what, double done, double of)
    {
        // Months are told, not each of them.
    }
}
