using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>
/// One 074 block while it is read. The header names neither bank nor currency, so it is opened together with its first entry, which
/// may tell both.
/// </summary>
internal sealed class GpcStatement
{
    /// <summary>A date of a record that is further from its statement than this cannot be trusted.</summary>
    private const int DaysApartMax = 31;

    private readonly GpcHeader _header;
    private readonly GpcAccountOrder _order;
    private readonly string? _bankCode;
    private readonly string? _bankCodeBefore;
    private readonly string _ownAccount;
    private readonly string _accountAsWritten;
    private readonly Currency _currency;

    /// <summary>What the release before took for the currency: the first record's code, or else the one currency that was set.</summary>
    private readonly Currency _currencyBefore;

    private readonly GpcConvention _conventionBefore;
    private GpcConvention _convention;
    private bool _isConventionOpen;
    private bool _hasReportedValueDate;

    /// <param name="first">The first entry; default where the statement has none.</param>
    public GpcStatement(GpcHeader header, in GpcRecord first, StatementReaderOptions options, string fileName)
    {
        _header = header;
        _order = GpcAccount.OrderOf(header.Account, options.OwnAccounts);
        var account = GpcAccount.Read(header.Account, _order);
        var own = GpcOwnAccount.Of(header, account, first, options, fileName);
        (_bankCode, _currency) = (own.BankCode, own.Currency);
        _isConventionOpen = _bankCode is null;
        _convention = ConventionOf(_bankCode, options);
        _bankCodeBefore = GpcOwnAccount.BankAsReadBefore(header, account, first, options);
        _conventionBefore = ConventionOf(_bankCodeBefore, options);
        _accountAsWritten = account.WithBank(null);
        _ownAccount = account.WithBank(_bankCode);
        _currencyBefore = (first.Length > 0 ? GpcItem.CurrencyOf(first) : null) ?? options.GpcCurrency;
    }

    private Money Opening => new(_header.Opening, _currency);
    private Money Closing => new(_header.Closing, _currency);

    public void Open(List<StatementItem> items)
    {
        var position = GpcRecord.PositionOf(_header.Record);
        items.Add(new StatementOpened(_ownAccount, _currency, _header.StatementNumber, Opening, _header.OpenedOn)
        {
            LastDay = _header.BookedOn, AccountAsWritten = _accountAsWritten, Position = position,
        });
        if (_header.Oddity is { } oddity) items.Add(new StatementWarning(oddity, position));
        if (_bankCode is null)
            items.Add(new StatementWarning(
                $"the bank of account {_ownAccount} is not known: the file does not say, set it as an own account", position));
    }

    /// <summary>Null for an entry of zero, which moves nothing: banks send them as notices.</summary>
    public StatementEntryRead? ReadEntry(in GpcRecord record, List<StatementItem> items)
    {
        GpcItem.RequireLength(record);
        RequireCurrency(record);
        var posting = ReadPosting(record);
        var amount = record.Number64(GpcLayout.Item.Amount);
        if (amount == 0)
        {
            items.Add(new StatementWarning("an entry of zero is left out", record.Position));
            return null;
        }

        var text = GpcItem.CounterName(record);
        var documentNumber = record.Text(GpcLayout.Item.DocumentNumber)?.TrimStart('0') is { Length: > 0 } number ? number : null;
        var variableSymbol = record.Symbol(GpcLayout.Item.VariableSymbol);
        var (bookedOn, isDatedByStatement) = BookedOn(record);
        var message = GpcItem.ExtendedMessage(record);
        var entry = new StatementEntry(
            OwnAccountOf(record, _bankCode),
            _convention.DocumentNumberIsUnique ? documentNumber : null,
            new Money(amount, _currency),
            posting.Direction,
            posting.IsReversal,
            bookedOn,
            ValueOn(record, items) ?? bookedOn,
            CounterAccountOf(record),
            text,
            variableSymbol == 0 ? null : new VariableSymbol(variableSymbol),
            SmallNumbers.Text(record.Symbol(GpcLayout.Item.ConstantSymbol)),
            SmallNumbers.Text(record.Symbol(GpcLayout.Item.SpecificSymbol)),

            // The one text field holds the payer's name at some banks and the message at others: it is offered as both,
            // until a 078 record brings the real message.
            message ?? text,
            OrderReference: null,
            record.Position);
        return new StatementEntryRead(entry)
        {
            Facts = new EntryFacts
            {
                DocumentNumber = documentNumber,
                IsDatedByStatement = isDatedByStatement,
                Reference = entry.EntryReference is { } reference ? new BankReference(reference, ReferenceTrust.Unique) : null,
                Messages = message is null ? [] : [message],
                AsReadBefore = AsReadBefore(entry, documentNumber, record),
            },
        };
    }

    public void Close(List<StatementItem> items) => items.Add(new StatementClosed(_ownAccount, Closing, _header.BookedOn));

    private void RequireCurrency(in GpcRecord record)
    {
        if (GpcItem.CurrencyOf(record) is { } currency && currency != _currency)
            throw record.Refuse(GpcLayout.Item.DataType, $"the currency of the statement, {_currency}");
    }

    private GpcPosting ReadPosting(in GpcRecord record)
    {
        // Codes 3 and 5 exist under one convention each. Where nobody has said which bank this is, the first of them tells; a 4 before
        // it was read as the usual convention reads it, and what comes later must agree.
        var code = record[GpcLayout.Item.PostingCode][0];
        if (code == '3' && _isConventionOpen) _convention = _convention with { Reversals = GpcReversalCodes.ThreeAndFour };
        if (code is (byte)'3' or (byte)'4' or (byte)'5') _isConventionOpen = false;

        return GpcItem.Posting(code, _convention.Reversals) ?? throw record.Refuse(
            GpcLayout.Item.PostingCode,
            _convention.Reversals == GpcReversalCodes.FourAndFive
                ? "posting code 1, 2, 4 or 5 (3 and 4 are a setting of the bank)"
                : "posting code 1, 2, 3 or 4 (4 and 5 are a setting of the bank)");
    }

    /// <summary>
    /// The record's own date where it lies within the statement: a statement of a month is dated by its last day, its movements are not.
    /// At banks that use the field for something else it lies outside, or is blank, and the statement's date is all there is.
    /// </summary>
    private (DateOnly On, bool IsByStatement) BookedOn(in GpcRecord record)
    {
        if (record.DateIfAny(GpcLayout.Item.DueOn) is not { } day) return (_header.BookedOn, true);
        if (IsWithinStatement(day)) return (day, false);
        if (!_convention.DueDateIsBookingDate) return (_header.BookedOn, true);
        return IsNear(day) ? (day, false) : throw record.Refuse(GpcLayout.Item.DueOn, $"a date within {DaysApartMax} days of the statement");
    }

    /// <summary>The old balance is that of the evening of its day: what is booked later belongs to the statement.</summary>
    private bool IsWithinStatement(DateOnly day) =>
        day <= _header.BookedOn && (_header.OpenedOn is { } opened ? day > opened : day == _header.BookedOn);

    private bool IsNear(DateOnly day) =>
        day <= _header.BookedOn.AddDays(DaysApartMax) && day >= (_header.OpenedOn ?? _header.BookedOn).AddDays(-DaysApartMax);

    private DateOnly? ValueOn(in GpcRecord record, List<StatementItem> items)
    {
        if (record.DateIfAny(GpcLayout.Item.ValueOn) is not { } day) return null;
        if (IsNear(day)) return day;
        if (!_hasReportedValueDate)
            items.Add(new StatementWarning($"value dates more than {DaysApartMax} days from the statement are not used", record.Position));
        _hasReportedValueDate = true;
        return null;
    }

    /// <summary>
    /// The release before dated every entry by the header, except at Fio, knew no own account's currency, and did not look at the header's
    /// signature where an own account had the number.
    /// </summary>
    private StatementEntry? AsReadBefore(StatementEntry entry, string? documentNumber, in GpcRecord record)
    {
        var isSameBank = _bankCodeBefore == _bankCode;
        var convention = isSameBank ? _convention : _conventionBefore;
        var posting = isSameBank ? null : GpcItem.Posting(record[GpcLayout.Item.PostingCode][0], convention.Reversals);
        var bookedOn = convention.DueDateIsBookingDate && record.DateAsReadBefore(GpcLayout.Item.DueOn) is { } own ? own : _header.BookedOn;
        var before = entry with
        {
            OwnAccount = OwnAccountOf(record, _bankCodeBefore),
            EntryReference = convention.DocumentNumberIsUnique ? documentNumber : null,
            Amount = new Money(entry.Amount.Minor, _currencyBefore),
            Direction = posting?.Direction ?? entry.Direction,
            IsReversal = posting?.IsReversal ?? entry.IsReversal,
            BookedOn = bookedOn,
            ValueOn = record.DateAsReadBefore(GpcLayout.Item.ValueOn) ?? bookedOn,
        };
        return before == entry ? null : before;
    }

    private string OwnAccountOf(in GpcRecord record, string? bankCode)
    {
        var stored = record.Number64(GpcLayout.OwnAccount);
        return stored == _header.Account && bankCode == _bankCode ? _ownAccount : GpcAccount.Read(stored, _order).WithBank(bankCode);
    }

    private static GpcConvention ConventionOf(string? bankCode, StatementReaderOptions options) =>
        bankCode is not null && options.GpcConventions.TryGetValue(bankCode, out var set) ? set : GpcConvention.Of(bankCode);

    /// <summary>Blanks are as good as zeros: cash and card settlements have no other side.</summary>
    private string? CounterAccountOf(in GpcRecord record)
    {
        var stored = record.Symbol(GpcLayout.Item.CounterAccount);
        if (stored == 0) return null;
        var bank = record.Symbol(GpcLayout.Item.BankCode);
        return GpcAccount.Read(stored, _order).WithBank(bank == 0 ? null : BankCodes.Text((int)bank));
    }
}
