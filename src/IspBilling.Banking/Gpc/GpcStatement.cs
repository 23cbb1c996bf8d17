using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>
/// One 074 block while it is read. The header names neither bank nor currency, so it is opened together with its first entry, which
/// may tell both.
/// </summary>
internal sealed class GpcStatement
{
    private readonly GpcHeader _header;
    private readonly StatementReaderOptions _options;
    private readonly string _fileName;
    private readonly GpcAccountOrder _order;
    private readonly string? _bankCode;
    private readonly string _ownAccount;
    private readonly Currency _currency;
    private readonly StatementBalance _balance;
    private readonly bool _isConventionKnown;
    private GpcConvention _convention;

    /// <summary>Movement of code 4 as the configured convention reads it; the other convention reads it with the opposite sign.</summary>
    private Int128 _movementOfFours;
    private Int128 _movement;
    private bool _isOtherConventionPossible = true;
    private bool _hasForeignOwnAccount;

    /// <param name="first">The first entry; default where the statement has none.</param>
    public GpcStatement(GpcHeader header, in GpcRecord first, StatementReaderOptions options, string fileName)
    {
        (_header, _options, _fileName) = (header, options, fileName);
        _order = GpcAccount.OrderOf(header.Account, options.OwnAccounts);
        var account = GpcAccount.Read(header.Account, _order);
        _bankCode = BankCodeOf(account, first);
        _isConventionKnown = _bankCode is not null;
        _convention = _bankCode is not null && options.GpcConventions.TryGetValue(_bankCode, out var set)
            ? set
            : GpcConvention.Of(_bankCode);
        _ownAccount = account.WithBank(_bankCode);
        _currency = (first.Length > 0 ? GpcItem.CurrencyOf(first) : null) ?? options.GpcCurrency;
        _balance = new StatementBalance(_currency, Opening);
    }

    private Money Opening => new(_header.Opening, _currency);
    private Money Closing => new(_header.Closing, _currency);

    public void Open(List<StatementItem> items)
    {
        items.Add(new StatementOpened(_ownAccount, _currency, _header.StatementNumber, Opening, _header.OpenedOn));
        var position = GpcRecord.PositionOf(_header.Record);
        if (_header.Oddity is { } oddity) items.Add(new StatementWarning(oddity, position));
        if (_bankCode is null)
            items.Add(new StatementWarning(
                $"the bank of account {_ownAccount} is not known: the file does not say, set it as an own account", position));
    }

    /// <summary>Null for an entry of zero, which moves nothing: banks send them as notices.</summary>
    public StatementEntry? ReadEntry(in GpcRecord record, List<StatementItem> items)
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

        CountForConvention(record, posting, amount);
        var text = GpcItem.CounterName(record);
        var documentNumber = record.Text(GpcLayout.Item.DocumentNumber)?.TrimStart('0');
        var variableSymbol = record.Symbol(GpcLayout.Item.VariableSymbol);
        var bookedOn = BookedOn(record);
        var entry = new StatementEntry(
            OwnAccountOf(record, items),
            _convention.DocumentNumberIsUnique && documentNumber is not (null or "") ? documentNumber : null,
            new Money(amount, _currency),
            posting.Direction,
            posting.IsReversal,
            bookedOn,
            record.Date(GpcLayout.Item.ValueOn) ?? bookedOn,
            CounterAccountOf(record),
            text,
            variableSymbol == 0 ? null : new VariableSymbol(variableSymbol),
            SmallNumbers.Text(record.Symbol(GpcLayout.Item.ConstantSymbol)),
            SmallNumbers.Text(record.Symbol(GpcLayout.Item.SpecificSymbol)),

            // The one text field holds the payer's name at some banks and the message at others: it is offered as both,
            // until a 078 record brings the real message.
            GpcItem.ExtendedMessage(record) ?? text,
            OrderReference: null,
            record.Position);
        _balance.Add(entry);
        return entry;
    }

    public void Close(List<StatementItem> items)
    {
        var position = GpcRecord.PositionOf(_header.Record);
        if (_balance.Check(Closing, position) is { } warning)
        {
            RefuseOtherConvention(position);
            items.Add(warning);
        }

        items.Add(new StatementClosed(_ownAccount, Closing, _header.BookedOn));
    }

    private string? BankCodeOf(GpcAccount account, in GpcRecord first)
    {
        foreach (var own in _options.OwnAccounts)
            if (account.Is(own)) return own.BankCode.ToString("0000", CultureInfo.InvariantCulture);
        if (_header.IsSignedByFio) return GpcConvention.FioBank;
        if (GpcItem.IsExtended(first)) return GpcConvention.CeskaSporitelnaBank;
        return _options.OwnBankCode;
    }

    private void RequireCurrency(in GpcRecord record)
    {
        if (GpcItem.CurrencyOf(record) is { } currency && currency != _currency)
            throw record.Refuse(GpcLayout.Item.DataType, $"the currency of the statement, {_currency}");
    }

    private GpcPosting ReadPosting(in GpcRecord record)
    {
        var code = record[GpcLayout.Item.PostingCode][0];

        // Code 3 exists under one convention only. Where nobody has said which bank this is, it tells.
        if (code == '3' && !_isConventionKnown && _isOtherConventionPossible && _movementOfFours == 0)
            _convention = _convention with { Reversals = GpcReversalCodes.ThreeAndFour };

        return GpcItem.Posting(code, _convention.Reversals) ?? throw record.Refuse(
            GpcLayout.Item.PostingCode,
            _convention.Reversals == GpcReversalCodes.FourAndFive
                ? "posting code 1, 2, 4 or 5 (3 and 4 are a setting of the bank)"
                : "posting code 1, 2, 3 or 4 (4 and 5 are a setting of the bank)");
    }

    private void CountForConvention(in GpcRecord record, GpcPosting posting, long amount)
    {
        var signed = posting.Direction == EntryDirection.Credit ? amount : -amount;
        _movement += signed;
        switch (record[GpcLayout.Item.PostingCode][0])
        {
            case (byte)'4':
                _movementOfFours += signed;
                break;
            case (byte)'3' or (byte)'5':
                _isOtherConventionPossible = false;
                break;
        }
    }

    /// <summary>
    /// A statement that adds up only when code 4 is read the other way was read under the wrong convention: every reversal in it
    /// would be booked with the wrong sign.
    /// </summary>
    private void RefuseOtherConvention(string position)
    {
        if (!_isOtherConventionPossible || _movementOfFours == 0) return;
        if (_header.Opening + _movement - (2 * _movementOfFours) != _header.Closing) return;
        throw new StatementFormatException(
            _fileName, position, "reversals with codes 4 and 5 or 3 and 4, as is set for the bank",
            "balances that add up only with the other convention");
    }

    private DateOnly BookedOn(in GpcRecord record) =>
        _convention.DueDateIsBookingDate && record.TryDate(GpcLayout.Item.DueOn, out var due) && due is { } day ? day : _header.BookedOn;

    private string OwnAccountOf(in GpcRecord record, List<StatementItem> items)
    {
        var stored = record.Number64(GpcLayout.OwnAccount);
        if (stored == _header.Account) return _ownAccount;
        var account = GpcAccount.Read(stored, _order).WithBank(_bankCode);
        if (account != _ownAccount && !_hasForeignOwnAccount)
        {
            _hasForeignOwnAccount = true;
            items.Add(new StatementWarning($"entries are of account {account}, the header is of {_ownAccount}", record.Position));
        }

        return account;
    }

    private string? CounterAccountOf(in GpcRecord record)
    {
        var stored = record.Number64(GpcLayout.Item.CounterAccount);
        if (stored == 0) return null;
        var bank = record.Symbol(GpcLayout.Item.BankCode);
        return GpcAccount.Read(stored, _order).WithBank(bank == 0 ? null : BankCodes.Text((int)bank));
    }
}
