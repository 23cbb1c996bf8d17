using System.CommandLine;
using IspBilling.LoadTests;
using IspBilling.LoadTests.Hardship;
using IspBilling.LoadTests.Payments;
using IspBilling.LoadTests.Scenarios;

var accounts = new Option<int>("--accounts") { Description = "How many accounts", DefaultValueFactory = _ => 100_000 };
var payments = new Option<int>("--payments") { Description = "How many payments", DefaultValueFactory = _ => 100_000 };
var seed = new Option<int>("--seed") { Description = "Decides all data", DefaultValueFactory = _ => 42 };
var data = new Option<DirectoryInfo>("--data") { Description = "Where the server's data goes; emptied first", DefaultValueFactory = _ => new(Path.Combine(".data", "load")) };
var result = new Option<FileInfo?>("--result") { Description = "JSON file for the result" };

var silo = new Option<FileInfo?>("--silo") { Description = "The program of a cluster's node; where it can be built, ./dev says it", Hidden = true };

var bill = new Command("bill", "Bills N accounts with three services on average, everything durable, and compares with plain COPY of the same rows") { accounts, seed, data, result };
bill.SetAction((parsed, cancellation) => Run(Bill(parsed, byTable: false), parsed, cancellation));

var limit = new Command("limit", "The same, and what plain COPY of the rows costs table by table") { accounts, seed, data, result };
limit.SetAction((parsed, cancellation) => Run(Bill(parsed, byTable: true), parsed, cancellation));

var usual = new PaymentMix();
var partial = Percent("--partial", "pay too little", usual.Partial);
var over = Percent("--over", "pay too much", usual.Over);
var instalments = Percent("--instalments", "pay in two to five parts, one right behind the other", usual.Instalments);
var inMessage = Percent("--in-message", "name the symbol in the message only", usual.NumberInMessage);
var noSymbol = Percent("--no-symbol", "name no symbol at all", usual.NoSymbol);
var unknown = Percent("--unknown", "name a symbol that nobody carries", usual.UnknownSymbol);
var duplicated = Percent("--duplicated", "pay twice the same", usual.Duplicated);
var reversed = Percent("--reversed", "get their money back", usual.Reversed);
var import = new Command("import", "Imports payments of N invoices from a GPC and a camt file: nine in ten exact, the rest the usual mess")
{
    payments, partial, over, instalments, inMessage, noSymbol, unknown, duplicated, reversed, seed, data, result,
};
import.SetAction((parsed, cancellation) => Run(new ImportScenario(parsed.GetValue(payments), parsed.GetValue(seed), Mix(parsed)), parsed, cancellation));

var bytes = new Option<long>("--bytes") { Description = "Size of each file that is only read", DefaultValueFactory = _ => 2L << 30 };
var staged = new Option<long>("--staged") { Description = "Size of the file that is also stored", DefaultValueFactory = _ => 256L << 20 };
var read = new Command("read", "Reads a GPC and a camt file of 2 GiB and stores a smaller one; fails when memory grows with the file") { bytes, staged, seed, data, result };
read.SetAction((parsed, cancellation) => Run(new ReadScenario(parsed.GetValue(bytes), parsed.GetValue(staged), parsed.GetValue(seed)), parsed, cancellation));

var review = new Command("review", "A day's reviews over N accounts, three in a hundred overdue at mixed steps; then the same day again") { accounts, seed, data, result };
review.SetAction((parsed, cancellation) => Run(new ReviewScenario(parsed.GetValue(accounts), parsed.GetValue(seed)), parsed, cancellation));

var reminders = new Command("reminders", "A silo with a reminder for each of N accounts: memory, an hour's processor time, a day's turns, and a day on which it was down") { accounts, seed, data, result };
reminders.SetAction((parsed, cancellation) => Run(new ReminderScenario(parsed.GetValue(accounts), parsed.GetValue(seed)), parsed, cancellation));

var rate = new Option<double>("--rate") { Description = "Calls per second", DefaultValueFactory = _ => 100 };
var api = new Command("api", "Calls of the interface at a fixed rate, alone and beside a billing run over N accounts") { accounts, rate, seed, data, result };
api.SetAction((parsed, cancellation) => Run(new ApiScenario(parsed.GetValue(accounts), parsed.GetValue(seed), parsed.GetValue(rate)), parsed, cancellation));

var documents = new Option<int?>("--documents") { Description = "How many documents; twelve for each account unless said" };
var reports = new Command("reports", "Latency of the owner's reports; rows multiplied to N accounts after an audit") { accounts, documents, seed, data, result };
reports.SetAction((parsed, cancellation) => Run(
    new ReportsScenario(parsed.GetValue(accounts), parsed.GetValue(documents) ?? 12 * parsed.GetValue(accounts), parsed.GetValue(seed)), parsed, cancellation));

var count = new Option<int>("--documents") { Description = "How many invoices", DefaultValueFactory = _ => 2_000 };
var pdf = new Command("pdf", "Renders N invoices, by one worker and by two") { count, seed, data, result };
pdf.SetAction((parsed, cancellation) => Run(new PdfScenario(parsed.GetValue(count), parsed.GetValue(seed)), parsed, cancellation));

var cluster = new Command("cluster", "Bills N accounts, and books their payments, on the engine of one machine, on one node of a cluster and on two") { accounts, silo, seed, data, result };
cluster.SetAction((parsed, cancellation) => parsed.GetValue(silo) is { } program
    ? Run(new ClusterScenario(parsed.GetValue(accounts), parsed.GetValue(seed), program, new DirectoryInfo($"{parsed.GetRequiredValue(data).FullName}-engines")), parsed, cancellation)
    : throw new InvalidOperationException("the packages of Orleans do not restore here, and a cluster needs them"));

var chaos = ChaosCommand.Create(silo, seed, data, result);
var fuzz = FuzzCommand.Create(seed, data, result);

return await new RootCommand("Load scenarios of IspBilling; each ends with the audit and fails on any finding") { bill, limit, import, read, review, reminders, api, reports, pdf, cluster, chaos, fuzz }
    .Parse(args)
    .InvokeAsync();

BillScenario Bill(ParseResult parsed, bool byTable) =>
    new(parsed.GetValue(accounts), parsed.GetValue(seed), parsed.GetRequiredValue(data), byTable);

Task<int> Run(IScenario scenario, ParseResult parsed, CancellationToken cancellation) =>
    ScenarioRun.Execute(scenario, parsed.GetRequiredValue(data), parsed.GetValue(result), cancellation);

PaymentMix Mix(ParseResult parsed) => new()
{
    Partial = parsed.GetValue(partial), Over = parsed.GetValue(over), Instalments = parsed.GetValue(instalments),
    NumberInMessage = parsed.GetValue(inMessage), NoSymbol = parsed.GetValue(noSymbol), UnknownSymbol = parsed.GetValue(unknown),
    Duplicated = parsed.GetValue(duplicated), Reversed = parsed.GetValue(reversed),
};

static Option<double> Percent(string name, string who, double usual) =>
    new(name) { Description = $"Percent of clients who {who}", DefaultValueFactory = _ => usual };
