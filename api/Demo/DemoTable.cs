using System.Globalization;
using IspBilling.Domain;
using Spectre.Console;

namespace IspBilling.Api.Demo;

/// <summary>What the demo did, and where to look next.</summary>
internal static class DemoTable
{
    public static void Print(DemoOutcome outcome, Uri address, IAnsiConsole console)
    {
        var output = console.Profile.Out.Writer;
        var (run, import) = (outcome.Run.Counts, outcome.Import.Counts);
        var table = new Table().Title("The month of a made-up provider").AddColumn("step").AddColumn(new TableColumn("").RightAligned());
        Row("clients billed", $"{run.Issued:#,0}");
        Row("documents issued", $"{run.Documents:#,0}");
        Row("invoiced", $"{new Money(run.TotalMinor, Currency.Czk).Major:#,0.00} CZK");
        Row("nothing to bill yet", $"{run.NothingToBill:#,0}");
        Row("skipped or parked", $"{run.Skipped + run.Parked:#,0}");
        Row("statement entries read", $"{import.Read:#,0}");
        Row("payments matched", $"{import.Matched:#,0}");
        Row("for a person to decide", $"{import.Suspense:#,0}");
        Row("not clients' payments", $"{import.Rejected:#,0}");
        console.Write(table);

        // Plain lines, not the console's: it would wrap addresses that are to be copied.
        output.WriteLine("Look next, with the key as `Authorization: Bearer …` (in a browser, /docs and /dashboard ask for it):");
        output.WriteLine($"  interface        {address}docs");
        output.WriteLine($"  a client         {address}v1/clients/K000001");
        if (outcome.ExampleNumber is { } number) output.WriteLine($"  an invoice       {address}v1/documents/{number}/pdf");
        output.WriteLine($"  why this amount  {address}v1/documents/{outcome.ExampleNumber}/lines/1/explanation");
        output.WriteLine($"  to decide        {address}v1/suspense");
        output.WriteLine($"  who owes         {address}v1/reports/receivables");
        output.WriteLine($"  the accounts     {address}dashboard");
        output.WriteLine($"  the statement    {outcome.File}");

        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
