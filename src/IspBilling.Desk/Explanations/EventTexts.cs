using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Desk.Explanations;

/// <summary>Events in words, for explanations.</summary>
internal static class EventTexts
{
    public static string Of(AccountEvent happened) => happened switch
    {
        ServiceStarted e => Text($"service {e.Reference} agreed from {e.Start:yyyy-MM-dd}"),
        ServiceTermsChanged e => Text($"other terms of the service from {e.From:yyyy-MM-dd}"),
        PushRevisionRaised e => Text($"the CRM's revision {e.Revision}"),
        ServiceEndSet { End: { } end } => Text($"the service ends on {end:yyyy-MM-dd}"),
        ServiceEndSet => "the end of the service was taken back",
        ServiceContractSet { Contract: { } contract } => $"the service belongs to contract {contract}",
        ServiceContractSet => "the service belongs to no contract any more",
        ContractAgreed e => Text($"contract {e.Contract.Number} from {e.Contract.Start:yyyy-MM-dd}"),
        ContractRemoved e => $"contract {e.Reference} was taken back",
        ServicePaused e => Text($"pause {e.Pause.Id} from {e.Pause.From:yyyy-MM-dd}{(e.Pause.Bills ? ", which is charged" : "")}: {e.Pause.Reason}"),
        PauseRemoved e => $"pause {e.Pause} was taken back",
        SpecialPriceAgreed e => Text($"special price {e.Id} from {e.From:yyyy-MM-dd}: {e.Reason}"),
        SpecialPriceReasonChanged e => $"special price {e.Id}: {e.Reason}",
        SpecialPriceRemoved e => $"special price {e.Id} was taken back",
        OneOffAdded e => $"item {e.Id}: {e.Text}",
        OneOffCancelled e => $"item {e.Id} was taken back",
        DocumentIssued e => e.Document.Run is { } run ? $"issued by billing run {run}" : "issued by hand",
        PaymentBooked e => Text($"payment of {e.Payment.Amount} on {e.Payment.BookedOn:yyyy-MM-dd}"),
        MoneyPaidBack e => Text($"{e.Payment.Amount} was paid back"),
        PaymentReversed e => Text($"payment {e.Payment} was taken back by the bank"),
        PaymentUnassigned e => Text($"payment {e.Payment} was taken off this account: {e.Reason}"),
        PaymentRestored e => Text($"payment {e.Payment} holds after all"),
        CreditUsed => "unused credit settled invoices",
        DunningStepTaken e => $"step {e.Code} was taken",
        ReminderReached e => Text($"the message of step {e.Code} was accepted by its target ({e.Channel}) on {e.On:yyyy-MM-dd}"),
        ReminderLost e => $"the message of step {e.Code} did not reach the client ({e.Channel}){(e.Reason is { } reason ? $": {reason}" : "")}",
        ReminderRerouted e => $"the message of step {e.Code} goes as a short message, since it did not arrive by e-mail",
        DocumentRerouted e => Text($"document {e.Document} goes as a letter, since it did not arrive by e-mail"),
        EmailMarked { Fault: EmailFault.Complaint } => "the client complained of a mail",
        EmailMarked => "mails to the client's address come back",
        EmailMarkCleared => "the client's e-mail address holds after all",
        ReversalFoundNothing e => Text($"a reversal of {e.Amount} on {e.On:yyyy-MM-dd} found no payment"),
        ProfileChanged => "other particulars of the client",
        HistorySettled => "what lies before the correction horizon was settled",
        DunningCleared => "no debt is reminded of any more",
        ServiceLevelChanged e => $"services: {e.Level}",
        PromiseMade { Until: { } until } => Text($"promised to pay until {until:yyyy-MM-dd}"),
        PromiseMade => "the promise was withdrawn",
        DocumentDisputeSet e => Text($"document {e.Document} is {(e.Disputed ? "" : "no longer ")}contested{(e.Reason is { } reason ? $": {reason}" : "")}"),
        DunningExemptionSet e => $"dunning {(e.Exempt ? "leaves the client alone" : "looks at the client again")}{(e.Reason is { } reason ? $": {reason}" : "")}",
        RestoredByHand e => $"the service was given back by hand: {e.Reason}",
        AccountClosed => "the account was closed",
        AccountReopened => "the account was opened again",
        _ => happened.GetType().Name,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
