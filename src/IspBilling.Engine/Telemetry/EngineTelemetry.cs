using System.Diagnostics;
using System.Diagnostics.Metrics;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Telemetry;

/// <summary>Metrics and traces of the engine; names follow OpenTelemetry's conventions, durations are seconds.</summary>
public static class EngineTelemetry
{
    public const string Name = "IspBilling";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("ispbilling.turn.duration", "s", "From taking a command to its reply");
    private static readonly Counter<long> ParkedAccounts = Meter.CreateCounter<long>("ispbilling.account.parked", "{account}", "Accounts that could not decide");
    private static readonly Counter<long> UnansweredAccounts = Meter.CreateCounter<long>("ispbilling.account.unanswered", "{account}", "Accounts that could not be reached in their turn");
    private static readonly Counter<long> RemindersGivenUp = Meter.CreateCounter<long>("ispbilling.reminder.given_up", "{account}", "Reminders neither set nor removed: the look by date finds these accounts");
    private static readonly Histogram<long> FlightSize = Meter.CreateHistogram<long>("ispbilling.flight.size", "{commit}", "Commits that shared a transaction");
    private static readonly Histogram<double> FlightDuration = Meter.CreateHistogram<double>("ispbilling.flight.duration", "s", "From opening a flight's transaction to its commit");
    private static readonly Counter<long> FlightRetries = Meter.CreateCounter<long>("ispbilling.flight.retries", "{flight}", "Flights that had to be flown again");
    private static readonly Histogram<long> LoadSize = Meter.CreateHistogram<long>("ispbilling.load.size", "{account}", "Accounts that shared a load query");
    private static readonly Counter<long> Refolds = Meter.CreateCounter<long>("ispbilling.load.refolds", "{account}", "Accounts whose snapshot could not be read and whose events were folded again");
    private static readonly Counter<long> RunAccounts = Meter.CreateCounter<long>("ispbilling.run.accounts", "{account}", "Accounts a billing run has dealt with, by outcome");
    private static readonly Counter<long> ImportEntries = Meter.CreateCounter<long>("ispbilling.import.entries", "{entry}", "Statement entries dealt with, by state");

    public static TurnScope Turn(AccountCommand command) => new(command);

    public static void AccountParked(AccountId account, AccountCommand command, Exception reason)
    {
        ParkedAccounts.Add(1, new KeyValuePair<string, object?>("command", command.GetType().Name));
        Activity.Current?.AddException(reason).AddTag("account", account.Value);
    }

    public static void AccountUnanswered(AccountId account, Exception reason)
    {
        UnansweredAccounts.Add(1);
        Activity.Current?.AddException(reason).AddTag("account", account.Value);
    }

    public static void ReminderGivenUp(int accounts) => RemindersGivenUp.Add(accounts);

    public static void FlightEnded(int commits, TimeSpan duration)
    {
        FlightSize.Record(commits);
        FlightDuration.Record(duration.TotalSeconds);
    }

    public static void FlightRetried() => FlightRetries.Add(1);

    public static void Loaded(int accounts) => LoadSize.Record(accounts);

    public static void Refolded() => Refolds.Add(1);

    public static void RunAccountsDone(string outcome, int count) => RunAccounts.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    public static void EntriesDone(string state, int count) => ImportEntries.Add(count, new KeyValuePair<string, object?>("state", state));

    /// <summary>One turn: a span when somebody listens, and a duration by command and kind of reply.</summary>
    public readonly struct TurnScope : IDisposable
    {
        private readonly Activity? _activity;
        private readonly AccountCommand _command;
        private readonly long _started;

        internal TurnScope(AccountCommand command)
        {
            _command = command;
            _activity = Activities.HasListeners() ? Activities.StartActivity("account.turn") : null;
            _activity?.SetTag("command", command.GetType().Name);
            _started = TurnDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        }

        public AccountReply Ended(AccountReply reply)
        {
            _activity?.SetTag("reply", reply.GetType().Name);
            if (_started != 0)
            {
                TurnDuration.Record(
                    Stopwatch.GetElapsedTime(_started).TotalSeconds,
                    new("command", _command.GetType().Name), new("reply", reply.GetType().Name));
            }

            return reply;
        }

        public void Dispose() => _activity?.Dispose();
    }
}
