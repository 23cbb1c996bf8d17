using IspBilling.Domain;

namespace IspBilling.Engine.Json;

/// <summary>
/// Which texts of an event say something about a person. The journal stores of them a commitment only, beside it the text, so that the text
/// can be erased and the chain still holds. Every text of every event is listed here as one or the other; a test finds what is missing.
/// </summary>
/// <remarks>
/// What an issued document prints of a client is its profile's revision, so it is personal there. Texts of lines are not: they say what was
/// supplied, which the law on VAT has a document keep. Ids and references are not: without the texts they name nobody.
/// </remarks>
public static class PersonalMembers
{
    public static readonly IReadOnlySet<(Type Type, string Member)> Personal = new HashSet<(Type, string)>
    {
        (typeof(AccountProfile), nameof(AccountProfile.Name)),
        (typeof(AccountProfile), nameof(AccountProfile.CompanyNumber)),
        (typeof(AccountProfile), nameof(AccountProfile.VatNumber)),
        (typeof(AccountProfile), nameof(AccountProfile.Email)),
        (typeof(AccountProfile), nameof(AccountProfile.Phone)),
        (typeof(PostalAddress), nameof(PostalAddress.Street)),
        (typeof(PostalAddress), nameof(PostalAddress.City)),
        (typeof(PostalAddress), nameof(PostalAddress.PostalCode)),
        (typeof(Payment), nameof(Payment.CounterAccount)),
        (typeof(Pause), nameof(Pause.Reason)),
        (typeof(Contract), nameof(Contract.Document)),
        (typeof(SpecialPriceAgreed), nameof(SpecialPriceAgreed.Reason)),
        (typeof(SpecialPriceReasonChanged), nameof(SpecialPriceReasonChanged.Reason)),
        (typeof(PaymentBooked), nameof(PaymentBooked.Reason)),
        (typeof(MoneyPaidBack), nameof(MoneyPaidBack.Reason)),
        (typeof(PaymentReversed), nameof(PaymentReversed.Reason)),
        (typeof(PaymentRestored), nameof(PaymentRestored.Reason)),
        (typeof(PaymentUnassigned), nameof(PaymentUnassigned.Reason)),
        (typeof(DocumentDisputeSet), nameof(DocumentDisputeSet.Reason)),
        (typeof(DunningExemptionSet), nameof(DunningExemptionSet.Reason)),
        (typeof(RestoredByHand), nameof(RestoredByHand.Reason)),
        (typeof(ReminderLost), nameof(ReminderLost.Reason)),
        (typeof(EmailMarked), nameof(EmailMarked.Reason)),
        (typeof(EmailMarkCleared), nameof(EmailMarkCleared.Reason)),
    };

    public static readonly IReadOnlySet<(Type Type, string Member)> Plain = new HashSet<(Type, string)>
    {
        (typeof(AccountProfile), nameof(AccountProfile.Language)),
        (typeof(AccountProfile), nameof(AccountProfile.Group)),
        (typeof(PostalAddress), nameof(PostalAddress.Country)),
        (typeof(ServiceStarted), nameof(ServiceStarted.Reference)),
        (typeof(Contract), nameof(Contract.Reference)),
        (typeof(Contract), nameof(Contract.Number)),
        (typeof(ContractRemoved), nameof(ContractRemoved.Reference)),
        (typeof(ServiceContractSet), nameof(ServiceContractSet.Contract)),
        (typeof(Pause), nameof(Pause.Id)),
        (typeof(PauseRemoved), nameof(PauseRemoved.Pause)),
        (typeof(SpecialPriceAgreed), nameof(SpecialPriceAgreed.Id)),
        (typeof(SpecialPriceReasonChanged), nameof(SpecialPriceReasonChanged.Id)),
        (typeof(SpecialPriceRemoved), nameof(SpecialPriceRemoved.Id)),
        (typeof(OneOffAdded), nameof(OneOffAdded.Id)),
        (typeof(OneOffAdded), nameof(OneOffAdded.Text)),
        (typeof(OneOffCancelled), nameof(OneOffCancelled.Id)),
        (typeof(Document), nameof(Document.Correction)),
        (typeof(DocumentLine), nameof(DocumentLine.Correction)),
        (typeof(DocumentLine), nameof(DocumentLine.OneOff)),
        (typeof(DocumentLine), nameof(DocumentLine.Text)),
        (typeof(ChargeBasis), nameof(ChargeBasis.SpecialPrice)),
        (typeof(ChargeBasis), nameof(ChargeBasis.Discount)),
        (typeof(ChargeBasis), nameof(ChargeBasis.Contract)),
        (typeof(Payment), nameof(Payment.Entry)),
        (typeof(Payment), nameof(Payment.OrderReference)),
        (typeof(Payment), nameof(Payment.ReversedBy)),
        (typeof(PaymentReversed), nameof(PaymentReversed.Entry)),
        (typeof(PaymentRestored), nameof(PaymentRestored.Entry)),
        (typeof(ReversalFoundNothing), nameof(ReversalFoundNothing.Entry)),
        (typeof(DunningStepTaken), nameof(DunningStepTaken.Code)),
        (typeof(ReminderReached), nameof(ReminderReached.Code)),
        (typeof(ReminderReached), nameof(ReminderReached.Delivery)),
        (typeof(ReminderLost), nameof(ReminderLost.Code)),
        (typeof(ReminderLost), nameof(ReminderLost.Delivery)),
        (typeof(ReminderRerouted), nameof(ReminderRerouted.Code)),
        (typeof(ReminderRerouted), nameof(ReminderRerouted.Delivery)),
        (typeof(DocumentRerouted), nameof(DocumentRerouted.Delivery)),
        (typeof(ServiceLevelChanged), nameof(ServiceLevelChanged.Profile)),
    };

    /// <summary>Whether the name of such an actor may be a person's. Names of the engine's own work are the same for every provider.</summary>
    public static bool NamesPeople(ActorKind kind) => kind is ActorKind.Person or ActorKind.ApiKey or ActorKind.Client;
}
