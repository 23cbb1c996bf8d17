using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IspBilling.Domain;
using IspBilling.Engine.Wording;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Json;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters =
    [
        typeof(MoneyConverter), typeof(CurrencyConverter), typeof(AccountIdConverter), typeof(IssuerIdConverter), typeof(TariffIdConverter),
        typeof(QuantityConverter), typeof(VatRateConverter), typeof(VariableSymbolConverter), typeof(RunIdConverter), typeof(PeriodConverter),
        typeof(BillingCycleConverter), typeof(MonthShareConverter), typeof(CurrencyAmountsConverter),
        typeof(ValueListConverter<IssuerBankAccount>), typeof(ValueListConverter<long>), typeof(ValueListConverter<Notice>), typeof(ValueListConverter<string>),
    ])]
[JsonSerializable(typeof(MessageTemplate))]
[JsonSerializable(typeof(MessageBrand))]
[JsonSerializable(typeof(AccountState))]
[JsonSerializable(typeof(AccountReply))]
[JsonSerializable(typeof(AccountCommand))]
[JsonSerializable(typeof(SetProfile))]
[JsonSerializable(typeof(PutService))]
[JsonSerializable(typeof(PutContract))]
[JsonSerializable(typeof(RemoveContract))]
[JsonSerializable(typeof(PutPause))]
[JsonSerializable(typeof(RemovePause))]
[JsonSerializable(typeof(PutSpecialPrice))]
[JsonSerializable(typeof(RemoveSpecialPrice))]
[JsonSerializable(typeof(AddOneOff))]
[JsonSerializable(typeof(CancelOneOff))]
[JsonSerializable(typeof(Bill))]
[JsonSerializable(typeof(BookPayment))]
[JsonSerializable(typeof(ReversePayment))]
[JsonSerializable(typeof(BookRefund))]
[JsonSerializable(typeof(ReturnPayment))]
[JsonSerializable(typeof(UnassignPayment))]
[JsonSerializable(typeof(Review))]
[JsonSerializable(typeof(PromiseToPay))]
[JsonSerializable(typeof(SetDispute))]
[JsonSerializable(typeof(SetDunningExemption))]
[JsonSerializable(typeof(RestoreByHand))]
[JsonSerializable(typeof(RecordDelivery))]
[JsonSerializable(typeof(ConfirmMessage))]
[JsonSerializable(typeof(TakeBackDelivery))]
[JsonSerializable(typeof(MarkEmail))]
[JsonSerializable(typeof(ClearEmailMark))]
[JsonSerializable(typeof(SendAnotherWay))]
[JsonSerializable(typeof(CloseAccount))]
[JsonSerializable(typeof(ReopenAccount))]
[JsonSerializable(typeof(OutgoingMessage))]
[JsonSerializable(typeof(ProfileChanged))]
[JsonSerializable(typeof(ServiceStarted))]
[JsonSerializable(typeof(ServiceTermsChanged))]
[JsonSerializable(typeof(ServiceEndSet))]
[JsonSerializable(typeof(ContractAgreed))]
[JsonSerializable(typeof(ContractRemoved))]
[JsonSerializable(typeof(ServiceContractSet))]
[JsonSerializable(typeof(ServicePaused))]
[JsonSerializable(typeof(PauseRemoved))]
[JsonSerializable(typeof(SpecialPriceAgreed))]
[JsonSerializable(typeof(SpecialPriceReasonChanged))]
[JsonSerializable(typeof(PushRevisionRaised))]
[JsonSerializable(typeof(SpecialPriceRemoved))]
[JsonSerializable(typeof(OneOffAdded))]
[JsonSerializable(typeof(OneOffCancelled))]
[JsonSerializable(typeof(DocumentIssued))]
[JsonSerializable(typeof(PaymentBooked))]
[JsonSerializable(typeof(PaymentReversed))]
[JsonSerializable(typeof(MoneyPaidBack))]
[JsonSerializable(typeof(PaymentRestored))]
[JsonSerializable(typeof(PaymentUnassigned))]
[JsonSerializable(typeof(ReversalFoundNothing))]
[JsonSerializable(typeof(CreditUsed))]
[JsonSerializable(typeof(DunningStepTaken))]
[JsonSerializable(typeof(ReminderReached))]
[JsonSerializable(typeof(ReminderLost))]
[JsonSerializable(typeof(ReminderRerouted))]
[JsonSerializable(typeof(DocumentRerouted))]
[JsonSerializable(typeof(EmailMarked))]
[JsonSerializable(typeof(EmailMarkCleared))]
[JsonSerializable(typeof(DunningCleared))]
[JsonSerializable(typeof(ServiceLevelChanged))]
[JsonSerializable(typeof(PromiseMade))]
[JsonSerializable(typeof(DocumentDisputeSet))]
[JsonSerializable(typeof(DunningExemptionSet))]
[JsonSerializable(typeof(RestoredByHand))]
[JsonSerializable(typeof(AccountClosed))]
[JsonSerializable(typeof(AccountReopened))]
[JsonSerializable(typeof(HistorySettled))]
[JsonSerializable(typeof(Tariff))]
[JsonSerializable(typeof(Issuer))]
[JsonSerializable(typeof(IssuerBankAccount[]))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(DunningPolicy))]
[JsonSerializable(typeof(OutreachRules))]
[JsonSerializable(typeof(ChargeBasis))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(ClientCreated))]
[JsonSerializable(typeof(Stale))]
[JsonSerializable(typeof(Refused))]
[JsonSerializable(typeof(Billed))]
[JsonSerializable(typeof(NothingToBill))]
[JsonSerializable(typeof(PaymentReceipt))]
[JsonSerializable(typeof(PaymentTakenBack))]
[JsonSerializable(typeof(Reviewed))]
[JsonSerializable(typeof(Parked))]
[JsonSerializable(typeof(MessageHolds))]
[JsonSerializable(typeof(MessageHoldsNoMore))]
[JsonSerializable(typeof(DeliverDocument))]
[JsonSerializable(typeof(SendReminder))]
[JsonSerializable(typeof(SendThanks))]
[JsonSerializable(typeof(EnforceServiceLevel))]
[JsonSerializable(typeof(NotifyCollections))]
internal sealed partial class JournalJsonContext : JsonSerializerContext;

/// <summary>
/// The JSON contract of the journal – events, state, replies and messages – and of commands on their way between machines. The
/// names are listed here and nowhere else; they are never renamed, a changed shape gets a new version.
/// </summary>
public static class JournalJson
{
    private static readonly (Type Type, string Name)[] Replies =
    [
        (typeof(Done), "done.v1"), (typeof(Stale), "stale.v1"), (typeof(Refused), "refused.v1"), (typeof(Billed), "billed.v1"), (typeof(NothingToBill), "nothing-to-bill.v1"),
        (typeof(PaymentReceipt), "payment-receipt.v1"), (typeof(PaymentTakenBack), "payment-taken-back.v1"),
        (typeof(Reviewed), "reviewed.v1"), (typeof(Parked), "parked.v1"), (typeof(ClientCreated), "client-created.v1"),
        (typeof(MessageHolds), "message-holds.v1"), (typeof(MessageHoldsNoMore), "message-holds-no-more.v1"),
    ];

    private static readonly (Type Type, string Name)[] Commands =
    [
        (typeof(SetProfile), "set-profile.v1"), (typeof(PutService), "put-service.v1"), (typeof(PutPause), "put-pause.v1"),
        (typeof(RemovePause), "remove-pause.v1"), (typeof(PutSpecialPrice), "put-special-price.v1"),
        (typeof(RemoveSpecialPrice), "remove-special-price.v1"), (typeof(AddOneOff), "add-one-off.v1"), (typeof(CancelOneOff), "cancel-one-off.v1"),
        (typeof(Bill), "bill.v1"), (typeof(BookPayment), "book-payment.v1"),
        (typeof(ReversePayment), "reverse-payment.v1"), (typeof(UnassignPayment), "unassign-payment.v1"),
        (typeof(BookRefund), "book-refund.v1"), (typeof(ReturnPayment), "return-payment.v1"),
        (typeof(Review), "review.v1"), (typeof(PromiseToPay), "promise-to-pay.v1"), (typeof(SetDispute), "set-dispute.v1"),
        (typeof(SetDunningExemption), "set-dunning-exemption.v1"), (typeof(CloseAccount), "close-account.v1"),
        (typeof(ReopenAccount), "reopen-account.v1"), (typeof(RestoreByHand), "restore-by-hand.v1"), (typeof(RecordDelivery), "record-delivery.v1"),
        (typeof(PutContract), "put-contract.v1"), (typeof(RemoveContract), "remove-contract.v1"), (typeof(ConfirmMessage), "confirm-message.v1"),
        (typeof(TakeBackDelivery), "take-back-delivery.v1"), (typeof(MarkEmail), "mark-email.v1"), (typeof(ClearEmailMark), "clear-email-mark.v1"),
        (typeof(SendAnotherWay), "send-another-way.v1"),
    ];

    private static readonly (Type Type, string Name)[] Messages =
    [
        (typeof(DeliverDocument), "deliver-document.v1"), (typeof(SendReminder), "send-reminder.v1"), (typeof(SendThanks), "send-thanks.v1"),
        (typeof(EnforceServiceLevel), "enforce-service-level.v1"), (typeof(NotifyCollections), "notify-collections.v1"),
    ];

    private static readonly (Type Type, string Name)[] Events =
    [
        (typeof(ProfileChanged), "profile-changed.v1"), (typeof(ServiceStarted), "service-started.v1"),
        (typeof(ServiceTermsChanged), "service-terms-changed.v1"), (typeof(ServiceEndSet), "service-end-set.v1"),
        (typeof(ServicePaused), "service-paused.v1"), (typeof(PauseRemoved), "pause-removed.v1"),
        (typeof(SpecialPriceAgreed), "special-price-agreed.v1"), (typeof(SpecialPriceRemoved), "special-price-removed.v1"),
        (typeof(OneOffAdded), "one-off-added.v1"), (typeof(OneOffCancelled), "one-off-cancelled.v1"),
        (typeof(DocumentIssued), "document-issued.v1"), (typeof(PaymentBooked), "payment-booked.v1"),
        (typeof(PaymentReversed), "payment-reversed.v1"), (typeof(PaymentUnassigned), "payment-unassigned.v1"),
        (typeof(CreditUsed), "credit-used.v1"), (typeof(DunningStepTaken), "dunning-step-taken.v1"),
        (typeof(DunningCleared), "dunning-cleared.v1"), (typeof(ServiceLevelChanged), "service-level-changed.v1"),
        (typeof(PromiseMade), "promise-made.v1"), (typeof(DocumentDisputeSet), "document-dispute-set.v1"),
        (typeof(DunningExemptionSet), "dunning-exemption-set.v1"), (typeof(AccountClosed), "account-closed.v1"),
        (typeof(AccountReopened), "account-reopened.v1"), (typeof(HistorySettled), "history-settled.v1"),
        (typeof(ReversalFoundNothing), "reversal-found-nothing.v1"), (typeof(SpecialPriceReasonChanged), "special-price-reason-changed.v1"),
        (typeof(PushRevisionRaised), "push-revision-raised.v1"), (typeof(RestoredByHand), "restored-by-hand.v1"),
        (typeof(MoneyPaidBack), "money-paid-back.v1"), (typeof(PaymentRestored), "payment-restored.v1"),
        (typeof(ReminderReached), "reminder-reached.v1"), (typeof(ReminderLost), "reminder-lost.v1"), (typeof(ContractAgreed), "contract-agreed.v1"),
        (typeof(ContractRemoved), "contract-removed.v1"), (typeof(ServiceContractSet), "service-contract-set.v1"),
        (typeof(ReminderRerouted), "reminder-rerouted.v1"), (typeof(DocumentRerouted), "document-rerouted.v1"),
        (typeof(EmailMarked), "email-marked.v1"), (typeof(EmailMarkCleared), "email-mark-cleared.v1"),
    ];

    /// <summary>Options for everything stored; replies, commands and messages carry their name in <c>$type</c>.</summary>
    public static JsonSerializerOptions Options { get; } = new(JournalJsonContext.Default.Options)
    {
        // Names stay readable: the JSON is never put into a page or script as it stands.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JournalJsonContext.Default.WithAddedModifier(NameDerivedTypes),
    };

    /// <summary>As <see cref="Options"/>, with commitments in the place of personal texts: only events are so, and only in the journal.</summary>
    private static readonly JsonSerializerOptions EventOptions = new(Options)
    {
        TypeInfoResolver = JournalJsonContext.Default.WithAddedModifier(PersonalText.Mark),
    };

    private static readonly ImmutableDictionary<Type, (string Name, JsonTypeInfo Info)> ByType =
        Events.ToImmutableDictionary(known => known.Type, known => (known.Name, EventOptions.GetTypeInfo(known.Type)));

    private static readonly ImmutableDictionary<string, JsonTypeInfo> ByName =
        Events.ToImmutableDictionary(known => known.Name, known => EventOptions.GetTypeInfo(known.Type));

    private static readonly DocumentIssuedText IssuedText = new(Options);
    private static readonly JsonTypeInfo<AccountState> StateInfo = (JsonTypeInfo<AccountState>)Options.GetTypeInfo(typeof(AccountState));
    private static readonly JsonTypeInfo<AccountReply> ReplyInfo = (JsonTypeInfo<AccountReply>)Options.GetTypeInfo(typeof(AccountReply));
    private static readonly JsonTypeInfo<AccountCommand> CommandInfo = (JsonTypeInfo<AccountCommand>)Options.GetTypeInfo(typeof(AccountCommand));
    private static readonly JsonTypeInfo<OutgoingMessage> MessageInfo = (JsonTypeInfo<OutgoingMessage>)Options.GetTypeInfo(typeof(OutgoingMessage));

    /// <summary>Every kind of event there is.</summary>
    public static IEnumerable<Type> EventTypes => ByType.Keys;

    public static string NameOf(AccountEvent happened) => ByType[happened.GetType()].Name;

    /// <param name="personal">Gets the event's personal texts; the event itself keeps a commitment to each.</param>
    public static void WriteEvent(Utf8JsonWriter writer, AccountEvent happened, PersonalParts personal)
    {
        if (happened is DocumentIssued issued) IssuedText.Write(writer, issued);
        else PersonalText.Write(writer, happened, ByType[happened.GetType()].Info, personal);
    }

    /// <param name="personal">The row's personal part; empty where there is none, as in every row of an earlier release.</param>
    /// <exception cref="JsonException">The payload is not of the named shape.</exception>
    /// <exception cref="KeyNotFoundException">A newer program wrote an event this one does not know.</exception>
    public static AccountEvent ReadEvent(string name, ReadOnlySpan<byte> payload, ReadOnlyMemory<byte> personal) =>
        (AccountEvent)(PersonalText.Read(payload, personal, ByName[name]) ?? throw new JsonException("null is no event"));

    public static void WriteReply(Utf8JsonWriter writer, AccountReply reply) => JsonSerializer.Serialize(writer, reply, ReplyInfo);

    public static AccountReply ReadReply(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ReplyInfo) ?? throw new JsonException("null is no reply");

    public static void WriteCommand(Utf8JsonWriter writer, AccountCommand command) => JsonSerializer.Serialize(writer, command, CommandInfo);

    public static AccountCommand ReadCommand(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, CommandInfo) ?? throw new JsonException("null is no command");

    public static void WriteMessage(Utf8JsonWriter writer, OutgoingMessage message) => JsonSerializer.Serialize(writer, message, MessageInfo);

    public static OutgoingMessage ReadMessage(string json) =>
        JsonSerializer.Deserialize(json, MessageInfo) ?? throw new JsonException("null is no message");

    /// <summary>For people who look at a state; what is stored of it is a snapshot.</summary>
    public static string StateText(AccountState state) => JsonSerializer.Serialize(state, StateInfo);

    private static void NameDerivedTypes(JsonTypeInfo info)
    {
        if (info.Type == typeof(AccountReply)) Name(info, Replies);
        if (info.Type == typeof(AccountCommand)) Name(info, Commands);
        if (info.Type == typeof(OutgoingMessage)) Name(info, Messages);
    }

    private static void Name(JsonTypeInfo info, (Type Type, string Name)[] derived)
    {
        info.PolymorphismOptions = new JsonPolymorphismOptions { UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach (var (type, name) in derived) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, name));
    }
}
