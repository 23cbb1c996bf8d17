using IspBilling.Banking.Gpc;
using IspBilling.Domain;

namespace IspBilling.Demo;

/// <summary>The bank statement of the made-up provider, as a GPC file.</summary>
public static class DemoStatement
{
    private static readonly Money OpeningBalance = Money.Czk(250_000m);

    /// <param name="bookedOn">The statement's only day.</param>
    public static Task Write(
        Stream output, DateOnly bookedOn, IReadOnlyCollection<StatementEntry> entries, CancellationToken cancellation) =>
        GpcStatementWriter.Write(
            output,
            GpcHeading.Of(DemoProvider.BankAccount, "Ukazkova sit", bookedOn.DayOfYear, bookedOn.AddDays(-1), bookedOn, OpeningBalance, entries),
            entries,
            cancellation);
}
