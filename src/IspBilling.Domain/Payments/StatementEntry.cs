namespace IspBilling.Domain;

/// <summary>Direction of money on the provider's bank account.</summary>
public enum EntryDirection { Credit, Debit }

/// <summary>
/// One movement on the provider's bank account, as a statement reader hands it over: normalised, bank-neutral.
/// Texts are trimmed; absent is null, never empty.
/// </summary>
/// <param name="OwnAccount">The provider's account as the file writes it: IBAN, or Czech <c>prefix-number/bank</c> without a zero prefix.</param>
/// <param name="EntryReference">The bank's own unique id of the movement within the account, if the bank gives one.</param>
/// <param name="Amount">Always positive; <paramref name="Direction"/> says which way the money really went.</param>
/// <param name="IsReversal">The entry takes back an earlier one (storno, return); <paramref name="Direction"/> is already the real direction.</param>
/// <param name="BookedOn">The bank's booking date.</param>
/// <param name="ValueOn">Value date; the booking date where the bank gives none.</param>
/// <param name="CounterAccount">The other side's account, written like <paramref name="OwnAccount"/>.</param>
/// <param name="ConstantSymbol">KS, up to 10 digits, without leading zeros.</param>
/// <param name="SpecificSymbol">SS, up to 10 digits, without leading zeros.</param>
/// <param name="OrderReference">What a payment and its storno share (Fio's order id, camt's original reference).</param>
/// <param name="Position">Where in the file: record and, where it makes sense, line, from 1 ("record 17, line 52").</param>
public sealed record StatementEntry(
    string OwnAccount,
    string? EntryReference,
    Money Amount,
    EntryDirection Direction,
    bool IsReversal,
    DateOnly BookedOn,
    DateOnly ValueOn,
    string? CounterAccount,
    string? CounterName,
    VariableSymbol? VariableSymbol,
    string? ConstantSymbol,
    string? SpecificSymbol,
    string? Message,
    string? OrderReference,
    string Position);
