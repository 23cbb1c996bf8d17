namespace IspBilling.Domain;

/// <summary>What an account makes of mails that do not arrive: a mark on the address, and the other way to the client.</summary>
internal static class EmailDecisions
{
    public static Decision Mark(Turn turn, MarkEmail command)
    {
        if (turn.State.Profile?.Email is not { } email || !IsAbout(email, command.Recipients)) return turn.Done();

        // An address that does not exist needs no care for its owner's wishes.
        if (turn.State.EmailMark is { } known && (known.Fault == command.Fault || known.Fault == EmailFault.Undeliverable)) return turn.Done();
        turn.Happened(new EmailMarked(command.Fault, turn.Today, Cut(command.Reason)));
        return turn.Done();
    }

    public static Decision Clear(Turn turn, ClearEmailMark command)
    {
        if (turn.State.EmailMark is not null) turn.Happened(new EmailMarkCleared(Cut(command.Reason), turn.Today));
        return turn.Done();
    }

    /// <summary>Sends what did not arrive by e-mail another way, where the policy says so, the client can be reached by it, and somebody switched it on.</summary>
    public static Decision SendAnotherWay(Turn turn, SendAnotherWay command)
    {
        if (turn.State.Profile is null || turn.State.Status == AccountStatus.Closed && command.Message is not DeliverDocument) return turn.Done();
        switch (command.Message)
        {
            case SendReminder reminder when MayGoBySms(turn.State, turn.Context, reminder):
                var again = reminder with { Channels = DunningActions.Sms };
                turn.Happened(new ReminderRerouted(again.Step, again.On!.Value, MessageChannel.Sms, again.Debt, command.Delivery.ToString(), turn.Today, again.PolicyRevision));
                turn.Tell(again);
                break;
            case DeliverDocument { Delivery: DeliveryPreference.Email } document when MayGoByPost(turn.State, turn.Context):
                turn.Happened(new DocumentRerouted(document.Document, DeliveryPreference.Post, command.Delivery.ToString(), turn.Today));
                turn.Tell(document with { Delivery = DeliveryPreference.Post });
                break;
        }

        return turn.Done();
    }

    /// <summary>Whether a reminder that does not arrive by e-mail goes as a short message.</summary>
    public static bool MayGoBySms(AccountState account, DecisionContext context, SendReminder reminder)
    {
        var terms = context.DunningOf(account);
        return terms.Policy.OtherWaysOfMail.HasFlag(OtherWays.Sms)
            && account.Profile?.Phone is not null
            && terms.Delivering.HasFlag(DunningActions.Sms)
            && reminder.On is not null
            && account.Dunning.Find(reminder.Step) is { } taken && taken.On == reminder.On
            && !taken.By.HasFlag(DunningActions.Sms) && taken.NoticeBy(MessageChannel.Sms) is null
            && DunningEvaluation.WhyNotToRemind(context.Today, account.Debtor, terms, reminder.Step, reminder.On) is null;
    }

    private static bool MayGoByPost(AccountState account, DecisionContext context) =>
        context.DunningOf(account).Policy.OtherWaysOfMail.HasFlag(OtherWays.Letter) && context.PostsLetters && account.RequiredProfile.Address.IsComplete();

    /// <summary>A report that names nobody is about the address there is.</summary>
    private static bool IsAbout(string email, ValueList<string> recipients)
    {
        foreach (var recipient in recipients)
        {
            if (recipient.Equals(email, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return recipients.Count == 0;
    }

    private static string Cut(string reason) => reason.Length > TakeBackDelivery.MaxReason ? reason[..TakeBackDelivery.MaxReason] : reason;
}
