using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Faults;

/// <summary>How likely each fault is in one simulation, drawn once per seed: some seeds know a fault not at all, some suffer from it badly.</summary>
public sealed class FaultPlan
{
    private static readonly double[] Rates = [0, 0, 0.003, 0.02, 0.06];
    private static readonly double[] RareRates = [0, 0, 0.000_5, 0.002, 0.006];

    public double LoadFails { get; private init; }
    public double CommitFails { get; private init; }
    public double CommitReplyLost { get; private init; }
    public double AnswerLost { get; private init; }
    public double Duplicated { get; private init; }
    public double RepeatedLater { get; private init; }
    public double Delayed { get; private init; }
    public double Reordered { get; private init; }
    public double Evicted { get; private init; }
    public double SecondActivation { get; private init; }
    public double Crashed { get; private init; }
    public double StoreFails { get; private init; }
    public double StoreReplyLost { get; private init; }
    public double RunTwice { get; private init; }
    public double LateDay { get; private init; }
    public double EngineDown { get; private init; }
    public double BrokenFile { get; private init; }
    public double ParkedFor { get; private init; }
    public double Partitioned { get; private init; }
    public double NodeLeft { get; private init; }
    public double NodeJoined { get; private init; }
    public double ReminderMissed { get; private init; }

    /// <summary>Nothing goes wrong any more.</summary>
    public static FaultPlan Peace { get; } = new();

    public static FaultPlan Drawn(Dice dice) => dice.Chance(0.1)
        ? Peace
        : new FaultPlan
        {
            LoadFails = dice.Pick(Rates),
            CommitFails = dice.Pick(Rates),
            CommitReplyLost = dice.Pick(Rates),
            AnswerLost = dice.Pick(Rates),
            Duplicated = dice.Pick(Rates),
            RepeatedLater = dice.Pick(Rates),
            Delayed = dice.Pick(Rates),
            Reordered = dice.Pick(Rates),
            Evicted = dice.Pick(RareRates),
            SecondActivation = dice.Pick(Rates),
            Crashed = dice.Pick(RareRates),
            StoreFails = dice.Pick(Rates),
            StoreReplyLost = dice.Pick(Rates),
            RunTwice = dice.Pick(Rates),
            LateDay = dice.Pick(Rates),
            EngineDown = dice.Pick(Rates),
            BrokenFile = dice.Pick(Rates),
            ParkedFor = dice.Pick(Rates),
            Partitioned = dice.Pick(RareRates),
            NodeLeft = dice.Pick(RareRates),
            NodeJoined = dice.Pick(RareRates),
            ReminderMissed = dice.Pick(Rates),
        };
}
