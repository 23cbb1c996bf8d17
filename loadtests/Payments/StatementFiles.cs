using IspBilling.Banking.Gpc;
using IspBilling.Demo;
using IspBilling.Domain;

namespace IspBilling.LoadTests.Payments;

/// <summary>Statement files of the made-up provider in both formats, as large as asked, written as a stream.</summary>
internal static class StatementFiles
{
    /// <summary>A statement's balances stand before its entries; so many entries are held for that.</summary>
    private const int EntriesOfStatement = 10_000;

    /// <summary>Of the one account: each statement goes on where the one before ended, in whatever file, or their entries would be taken for the same.</summary>
    private static Money _balance = Money.Czk(250_000m);

    public static string GpcAccount => DemoProvider.BankAccount.ToString();

    public static string Iban => DemoProvider.Issuer.BankAccount.Iban;

    public static async Task WriteGpc(Stream output, IEnumerable<StatementEntry> entries, CancellationToken cancellation)
    {
        foreach (var (heading, statement) in Statements(entries)) await GpcStatementWriter.Write(output, heading, statement, cancellation);
    }

    public static async Task WriteCamt(Stream output, IEnumerable<StatementEntry> entries, CancellationToken cancellation)
    {
        await using var file = CamtStatementWriter.Open(output);
        await CamtStatementWriter.Begin(file);
        foreach (var (heading, statement) in Statements(entries))
        {
            cancellation.ThrowIfCancellationRequested();
            await CamtStatementWriter.Statement(file, Iban, heading, statement);
        }

        await CamtStatementWriter.End(file);
    }

    private static IEnumerable<(GpcHeading Heading, StatementEntry[] Entries)> Statements(IEnumerable<StatementEntry> entries)
    {
        var number = 0;
        foreach (var statement in entries.Chunk(EntriesOfStatement))
        {
            var on = statement[0].BookedOn;
            var heading = GpcHeading.Of(DemoProvider.BankAccount, "Ukazkova sit", number++ % 1_000, on.AddDays(-1), on, _balance, statement);
            yield return (heading, statement);
            _balance = heading.Closing;
        }
    }
}
