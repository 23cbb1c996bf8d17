using System.CommandLine;
using IspBilling.LoadTests.Hardship;
using IspBilling.LoadTests.Payments;
using IspBilling.LoadTests.Scenarios;

namespace IspBilling.LoadTests;

/// <summary>The scenarios as commands, and the options that several of them have.</summary>
public sealed class LoadCommands
{
    private const int HistoryMonthsMax = 120;

    private readonly Option<int> _accounts = new("--accounts") { Description = "How many accounts", DefaultValueFactory = _ => 100_000 };
    private readonly Option<int> _seed = new("--seed") { Description = "Decides all data", DefaultValueFactory = _ => 42 };

    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "Where the server's data goes; emptied first", DefaultValueFactory = _ => new(Path.Combine(".data", "load")),
    };

    private readonly Option<FileInfo?> _result = new("--result") { Description = "JSON file for the result" };
    private readonly Option<FileInfo?> _silo = new("--silo") { Description = "The program of a cluster's node; ./dev names it", Hidden = true };

    public static RootCommand Create() => new LoadCommands().All();

    private RootCommand All() => new("Load scenarios of IspBilling; each ends with the audit and fails on any finding")
    {
        Bill(), Limit(), Import(), Read(), Review(), Reminders(), Api(), Search(), Reports(), Pdf(), Mail(), Cluster(),
        ChaosCommand.Create(_silo, _seed, _data, _result), FuzzCommand.Create(_seed, _data, _result), UpgradeDatabaseCommand.Create(),
    };

    private Command Bill()
    {
        var history = Bounded("--history", "Months that they were billed and have paid before; with any, as many newcomers are billed for comparison", 0, 0, HistoryMonthsMax);
        return Scenario(
            "bill", "Bills N accounts with three services on average, everything durable, and compares with plain COPY of the same rows",
            parsed => new BillScenario(parsed.GetValue(_accounts), parsed.GetValue(history), parsed.GetValue(_seed), parsed.GetRequiredValue(_data), byTable: false),
            _accounts, history);
    }

    private Command Limit() => Scenario(
        "limit", "The same, and what plain COPY of the rows costs table by table",
        parsed => new BillScenario(parsed.GetValue(_accounts), history: 0, parsed.GetValue(_seed), parsed.GetRequiredValue(_data), byTable: true),
        _accounts);

    private Command Import()
    {
        var payments = new Option<int>("--payments") { Description = "How many payments", DefaultValueFactory = _ => 100_000 };
        var usual = new PaymentMix();
        var partial = Percent("--partial", "pay too little", usual.Partial);
        var over = Percent("--over", "pay too much", usual.Over);
        var instalments = Percent("--instalments", "pay in two to five parts, one right behind the other", usual.Instalments);
        var inMessage = Percent("--in-message", "name the symbol in the message only", usual.NumberInMessage);
        var noSymbol = Percent("--no-symbol", "name no symbol at all", usual.NoSymbol);
        var unknown = Percent("--unknown", "name a symbol that nobody carries", usual.UnknownSymbol);
        var duplicated = Percent("--duplicated", "pay twice the same", usual.Duplicated);
        var reversed = Percent("--reversed", "get their money back", usual.Reversed);
        return Scenario(
            "import", "Imports payments of N invoices from a GPC and a camt file: nine in ten exact, the rest the usual mess",
            parsed => new ImportScenario(parsed.GetValue(payments), parsed.GetValue(_seed), Mix(parsed)),
            payments, partial, over, instalments, inMessage, noSymbol, unknown, duplicated, reversed);

        PaymentMix Mix(ParseResult parsed) => new()
        {
            Partial = parsed.GetValue(partial), Over = parsed.GetValue(over), Instalments = parsed.GetValue(instalments),
            NumberInMessage = parsed.GetValue(inMessage), NoSymbol = parsed.GetValue(noSymbol), UnknownSymbol = parsed.GetValue(unknown),
            Duplicated = parsed.GetValue(duplicated), Reversed = parsed.GetValue(reversed),
        };
    }

    private Command Read()
    {
        var bytes = new Option<long>("--bytes") { Description = "Size of each file that is only read", DefaultValueFactory = _ => 2L << 30 };
        var staged = new Option<long>("--staged") { Description = "Size of the file that is also stored", DefaultValueFactory = _ => 256L << 20 };
        return Scenario(
            "read", "Reads a GPC and a camt file of 2 GiB and stores a smaller one; fails when memory grows with the file",
            parsed => new ReadScenario(parsed.GetValue(bytes), parsed.GetValue(staged), parsed.GetValue(_seed)),
            bytes, staged);
    }

    private Command Review() => Scenario(
        "review", "A day's reviews over N accounts, three in a hundred overdue at mixed steps; then the same day again",
        parsed => new ReviewScenario(parsed.GetValue(_accounts), parsed.GetValue(_seed)),
        _accounts);

    private Command Reminders() => Scenario(
        "reminders", "A silo with a reminder for each of N accounts: memory, an hour's processor time, a day's turns, and a day on which it was down",
        parsed => new ReminderScenario(parsed.GetValue(_accounts), parsed.GetValue(_seed)),
        _accounts);

    private Command Api()
    {
        var rate = new Option<double>("--rate") { Description = "Calls per second", DefaultValueFactory = _ => 100 };
        var alone = new Option<double>("--alone") { Description = "Seconds for which the calls are measured alone", DefaultValueFactory = _ => 10 };
        return Scenario(
            "api", "Calls of the interface at a fixed rate, alone and beside a billing run over N accounts",
            parsed => new ApiScenario(parsed.GetValue(_accounts), parsed.GetValue(_seed), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(alone))),
            _accounts, rate, alone);
    }

    private Command Search()
    {
        var rate = new Option<double>("--rate") { Description = "Searches per second", DefaultValueFactory = _ => 50 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds for which searches are measured alone, and again beside billing runs", DefaultValueFactory = _ => 30 };
        return Scenario(
            "search", "Searches of every kind at a fixed rate among N clients, alone and beside billing runs; rows copied to N clients after an audit",
            parsed => new SearchScenario(parsed.GetValue(_accounts), parsed.GetValue(_seed), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds))),
            _accounts, rate, seconds);
    }

    private Command Reports()
    {
        var documents = new Option<int?>("--documents") { Description = "How many documents; twelve for each account unless said" };
        return Scenario(
            "reports", "Latency of the owner's reports; rows multiplied to N accounts after an audit",
            parsed => new ReportsScenario(parsed.GetValue(_accounts), parsed.GetValue(documents) ?? 12 * parsed.GetValue(_accounts), parsed.GetValue(_seed)),
            _accounts, documents);
    }

    private Command Pdf()
    {
        var count = new Option<int>("--documents") { Description = "How many invoices", DefaultValueFactory = _ => 2_000 };
        return Scenario(
            "pdf", "Renders N invoices, by one worker and by two", parsed => new PdfScenario(parsed.GetValue(count), parsed.GetValue(_seed)), count);
    }

    private Command Mail()
    {
        var count = new Option<int>("--mails") { Description = "How many mails", DefaultValueFactory = _ => 2_000 };
        var port = Bounded("--smtp", "Port of a mail server on this machine; 0 for one in this process that keeps nothing", 0, 0, ushort.MaxValue);
        var workers = Bounded("--workers", "Mails in hand at once", 8, 1, 64);
        var unsigned = new Option<bool>("--unsigned") { Description = "Without DKIM" };
        return Scenario(
            "mail", "Sends N invoices with a ready PDF through one mail server",
            parsed => new MailScenario(
                parsed.GetValue(count), parsed.GetValue(_seed), parsed.GetValue(port), parsed.GetValue(workers), !parsed.GetValue(unsigned)),
            count, port, workers, unsigned);
    }

    private Command Cluster()
    {
        var issuers = Bounded("--issuers", "How many issuers the accounts are divided among; with several, nothing is paid", 1, 1, LoadBed.IssuersMax);
        return Scenario(
            "cluster", "Bills N accounts, and books their payments, on one node of a cluster and on two",
            parsed => new ClusterScenario(
                parsed.GetValue(_accounts), parsed.GetValue(issuers), parsed.GetValue(_seed),
                parsed.GetValue(_silo) ?? throw new InvalidOperationException("--silo is missing: ./dev load cluster builds the node and names it"),
                new DirectoryInfo($"{parsed.GetRequiredValue(_data).FullName}-engines")),
            _accounts, issuers, _silo);
    }

    private Command Scenario(string name, string description, Func<ParseResult, IScenario> scenario, params Option[] own)
    {
        var command = new Command(name, description);
        foreach (var option in (Option[])[.. own, _seed, _data, _result]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) =>
            ScenarioRun.Execute(scenario(parsed), parsed.GetRequiredValue(_data), parsed.GetValue(_result), cancellation));
        return command;
    }

    private static Option<int> Bounded(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description}; {least} to {most}", DefaultValueFactory = _ => usual };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is var value && (value < least || value > most)) given.AddError($"{name}: {least} to {most} expected");
        });
        return option;
    }

    private static Option<double> Percent(string name, string who, double usual) =>
        new(name) { Description = $"Percent of clients who {who}", DefaultValueFactory = _ => usual };
}
