using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Simulation.Faults;
using IspBilling.Simulation.Running;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation.Hosting;

/// <summary>How the accounts of a node change their reminders. Now and then there is no room, and a change that was taken dies with its node.</summary>
internal sealed class SimulatedReminders(Node node, Reminders reminders, ReviewClock reviews, SimulatedClock clock, Weather weather) : IReminderChanges
{
    public bool TryChange(AccountId account, bool needed)
    {
        if (weather.Strikes(Fault.ReminderMissed, weather.Plan.ReminderMissed)) return false;
        if (!node.IsAlive) return true;
        if (needed) reminders.Register(account, reviews.NextSlot(account, clock.GetUtcNow()));
        else reminders.Remove(account);
        return true;
    }
}
