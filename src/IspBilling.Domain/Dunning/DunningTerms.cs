namespace IspBilling.Domain;

/// <summary>Why nothing is taken away from anybody on a day.</summary>
public enum RestrictionHold
{
    /// <summary>The newest bank statement is so old that who paid may not be known to have.</summary>
    StaleBankData,

    /// <summary>More would lose something in one day than may without a person who looked at it.</summary>
    Brake,
}

/// <summary>Why a restriction that is due by the calendar is not taken.</summary>
public enum RestrictionWait
{
    /// <summary>No message about the debt was accepted, and one may still be.</summary>
    NotTold,

    /// <summary>No message about the debt was accepted, and each failed: a person has to find another way.</summary>
    Unreachable,

    /// <summary>The client was told less than the policy's days of notice ago.</summary>
    NoticeDays,

    /// <summary>No substitute deadline has passed that the client was told of.</summary>
    Deadline,

    /// <summary>The least days since the step before have not passed.</summary>
    StepBefore,

    /// <summary>The day is free, or too close before one.</summary>
    FreeDay,

    /// <inheritdoc cref="RestrictionHold.StaleBankData"/>
    StaleBankData,

    /// <inheritdoc cref="RestrictionHold.Brake"/>
    Brake,
}

/// <summary>The policy of a group of clients.</summary>
/// <param name="Revision">Of the settings journal that it comes from; null where none tells of it.</param>
public sealed record GroupPolicy(DunningPolicy Policy, long? Revision);

/// <summary>What dunning of an account goes by on a day.</summary>
public sealed record DunningTerms(DunningPolicy Policy)
{
    /// <summary>Of the settings journal that the policy comes from; null where none tells of it.</summary>
    public long? Revision { get; init; }

    /// <summary>Which of e-mail and SMS deliver.</summary>
    public DunningActions Delivering { get; init; } = DunningPolicy.Channels;

    public RestrictionDays Days { get; init; } = RestrictionDays.Every;

    /// <summary>Why nothing is taken away today; of any other day nothing is known.</summary>
    public RestrictionHold? Hold { get; init; }
}
