using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Postgres.Imports;

/// <summary>A row of <c>statement_entries</c>.</summary>
internal sealed record StatementEntryRow(
    long Id,
    Guid ImportId,
    string Identity,
    int State,
    long? Account,
    int? Rule,
    string? Reason,
    string? Candidates,
    string? AssignedByKind,
    string? AssignedById,
    string? AssignedBy,
    string OwnAccount,
    string? EntryReference,
    long Amount,
    string Currency,
    int Direction,
    bool IsReversal,
    DateOnly BookedOn,
    DateOnly ValueOn,
    string? CounterAccount,
    string? CounterName,
    long? Symbol,
    string? ConstantSymbol,
    string? SpecificSymbol,
    string? Message,
    string? OrderReference,
    string Position,
    int? Issuer,
    bool IsForeign,
    bool IsDoubtful,
    long? LooksLike,
    int? Hold,
    string? OtherTexts,
    long? Fee,
    long? ClosedWith)
{
    public const string Columns =
        """
        id, import_id AS ImportId, identity, state::int AS State, account_id AS Account, rule::int AS Rule, reason, candidates,
        assigned_by_kind AS AssignedByKind, assigned_by_id AS AssignedById, assigned_by AS AssignedBy, own_account AS OwnAccount, entry_reference AS EntryReference, amount, currency, direction::int AS Direction,
        is_reversal AS IsReversal, booked_on AS BookedOn, value_on AS ValueOn, counter_account AS CounterAccount, counter_name AS CounterName,
        symbol, constant_symbol AS ConstantSymbol, specific_symbol AS SpecificSymbol, message, order_reference AS OrderReference, position,
        issuer, is_foreign AS IsForeign, is_doubtful AS IsDoubtful, looks_like AS LooksLike,
        hold::int AS Hold, other_texts AS OtherTexts, fee, closed_with AS ClosedWith
        """;

    private Receiver Receiver => new(Issuer is { } issuer ? new IssuerId(issuer) : null, IsForeign);

    public StoredEntry ToStored() => new(Id, Identity, ToEntry(), (EntryHold?)Hold, OtherTexts) { Receiver = Receiver };

    public EntryView ToView() => new(
        Id,
        new ImportId(ImportId),
        ToEntry(),
        Identity,
        (EntryState)State,
        Account is { } account ? new AccountId(account) : null,
        (MatchRule?)Rule,
        Reason,
        CandidateJson.Read(Candidates),
        AssignedBy is { } by ? StoredActor.Of(AssignedByKind, AssignedById, by) : null,
        (EntryHold?)Hold,
        OtherTexts,
        Fee is { } fee ? new Money(fee, Domain.Currency.Parse(Currency)) : null,
        ClosedWith)
    {
        Receiver = Receiver, IsDoubtful = IsDoubtful, LooksLike = LooksLike,
    };

    private StatementEntry ToEntry() => new(
        OwnAccount,
        EntryReference,
        new Money(Amount, Domain.Currency.Parse(Currency)),
        (EntryDirection)Direction,
        IsReversal,
        BookedOn,
        ValueOn,
        CounterAccount,
        CounterName,
        Symbol is { } symbol ? new VariableSymbol(symbol) : null,
        ConstantSymbol,
        SpecificSymbol,
        Message,
        OrderReference,
        Position);
}
