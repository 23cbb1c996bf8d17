using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Hosting;

/// <summary>Hears of every command that is sent and of every answer that arrives.</summary>
public interface IWitness
{
    void Asked(AccountId account, Envelope envelope);

    /// <param name="since">The <see cref="Moment"/> at which this copy of the command was sent.</param>
    void Answered(AccountId account, Envelope envelope, AccountReply reply, long since);

    /// <summary>How much has become durable so far.</summary>
    long Moment { get; }
}

/// <summary>What all nodes of a cluster share, and nothing of which dies with a node.</summary>
internal sealed record ClusterStores(
    IJournal Journal, MemoryRunStore Runs, IStatementImportStore Imports, IReviewStore Reviews, StoredStates States, Reminders Reminders);

/// <summary>What goes on around a cluster: time, chance, faults, and who watches.</summary>
internal sealed record Surroundings(Loop Loop, Calendar Calendar, SimulatedClock Clock, Dice Dice, Weather Weather, IWitness Witness, Trace Trace);
