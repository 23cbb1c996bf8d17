using IspBilling.Simulation.Running;

namespace IspBilling.Simulation;

/// <param name="Days">Of virtual time.</param>
internal sealed record WorldSize(int Accounts, int Days)
{
    /// <summary>How likely the policy of reminding changes on a day: in most worlds a few times.</summary>
    public double PolicyChanges => 4.0 / Days;

    /// <summary>Most worlds are small and old, a few are large and young: a seed takes about as long as another.</summary>
    public static WorldSize Drawn(Dice dice) => dice.Below(100) switch
    {
        < 70 => new WorldSize(dice.Between(1, 6), dice.Between(200, 900)),
        < 92 => new WorldSize(dice.Between(8, 25), dice.Between(90, 300)),
        < 99 => new WorldSize(dice.Between(30, 80), dice.Between(60, 120)),
        _ => new WorldSize(dice.Between(150, 300), dice.Between(35, 70)),
    };

    public override string ToString() => $"{Accounts} accounts, {Days} days";
}
