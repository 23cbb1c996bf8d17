using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Faults;

/// <summary>Whether something goes wrong now: the plan in force, the dice, and the count of what really went wrong.</summary>
public sealed class Weather(Dice dice, FaultPlan plan)
{
    public FaultPlan Plan { get; private set; } = plan;

    public FaultCounts Counts { get; } = new();

    public bool Strikes(double rate) => dice.Chance(rate);

    public bool Strikes(Fault fault, double rate)
    {
        if (!dice.Chance(rate)) return false;
        Counts.Fired(fault);
        return true;
    }

    public void ThrowWhenStruck(Fault fault, double rate)
    {
        if (Strikes(fault, rate)) throw new UnreachableException(fault);
    }

    /// <summary>Faults stop here; what they caused has to heal.</summary>
    public void ClearUp() => Plan = FaultPlan.Peace;
}
