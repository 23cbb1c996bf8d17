namespace IspBilling.Domain;

/// <summary>Whether what an account decided to tell still holds when it is about to be told.</summary>
internal static class MessageDecisions
{
    public static Decision Confirm(Turn turn, ConfirmMessage command) =>
        turn.Reply(WhyNot(turn, command.Message) is { } reason ? new MessageHoldsNoMore(reason) : MessageHolds.Instance);

    private static string? WhyNot(Turn turn, OutgoingMessage message) => message switch
    {
        // A document that was issued stays issued, whatever came after it.
        DeliverDocument => null,
        SendReminder reminder => DunningEvaluation.WhyNotToRemind(turn.Today, turn.State.Debtor, turn.Context.DunningOf(turn.State), reminder.Step, reminder.On),
        SendThanks => DunningEvaluation.IsOverdue(turn.Today, turn.State.Debtor) ? "something is overdue again" : null,
        EnforceServiceLevel enforced => enforced.Level == turn.State.Level ? null : "another level holds by now",
        NotifyCollections => DunningEvaluation.IsOverdue(turn.Today, turn.State.Debtor) ? null : "the debt was paid meanwhile",
        _ => throw new InvariantBrokenException($"no rule for {message.GetType().Name}"),
    };
}
