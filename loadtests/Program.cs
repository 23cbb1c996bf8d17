using System.CommandLine;
using IspBilling.LoadTests;
using IspBilling.LoadTests.Scenarios;

var accounts = new Option<int>("--accounts") { Description = "How many accounts", DefaultValueFactory = _ => 100_000 };
var payments = new Option<int>("--payments") { Description = "How many payments", DefaultValueFactory = _ => 100_000 };
var seed = new Option<int>("--seed") { Description = "Decides all data", DefaultValueFactory = _ => 42 };
var data = new Option<DirectoryInfo>("--data") { Description = "Where the server's data goes; emptied first", DefaultValueFactory = _ => new(Path.Combine(".data", "load")) };
var result = new Option<FileInfo?>("--result") { Description = "JSON file for the result" };

var bill = new Command("bill", "Bills N accounts with three services on average, everything durable, and compares with plain COPY of the same rows") { accounts, seed, data, result };
bill.SetAction((parsed, cancellation) => Run(new BillScenario(parsed.GetValue(accounts), parsed.GetValue(seed), parsed.GetRequiredValue(data)), parsed, cancellation));

var import = new Command("import", "Imports N payments of N invoices from one GPC file: four in five exact, the rest the usual mess") { payments, seed, data, result };
import.SetAction((parsed, cancellation) => Run(new ImportScenario(parsed.GetValue(payments), parsed.GetValue(seed)), parsed, cancellation));

return await new RootCommand("Load scenarios of IspBilling; each ends with the audit and fails on any finding") { bill, import }
    .Parse(args)
    .InvokeAsync();

Task<int> Run(IScenario scenario, ParseResult parsed, CancellationToken cancellation) =>
    ScenarioRun.Execute(scenario, parsed.GetRequiredValue(data), parsed.GetValue(result), cancellation);
