using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Collects the fields of statements, balances, entries and transactions, and completes each at its end; no I/O.</summary>
internal sealed class CamtParser(StatementKind kind, StatementLimits limits, string fileName)
{
    private CamtStatement? _statement;
    private CamtEntry? _entry;
    private CamtDetail? _detail;
    private (string? Type, string? Amount, string? Currency, string? Direction, DateOnly? On) _balance;
    private (string? Type, string? Value) _proprietary;
    private bool _hasStatement;

    /// <summary>What has been completed; the caller clears it.</summary>
    public List<StatementItem> Items { get; } = [];

    /// <summary>The entry that is being read, from 1, over the whole file.</summary>
    public long Record { get; private set; } = 1;

    public void Take(CamtScanner at)
    {
        if (!at.IsEnd) Start(at);
        else if (at.Field < CamtField.StatementId) EndStructure(at);
        else if (at.Text is { } text) TakeText(at, text);
    }

    public void RequireStatement(int line)
    {
        if (!_hasStatement)
            throw new StatementFormatException(fileName, Position(line), "at least one statement (Stmt) or notification (Ntfctn)", "the end of the document");
    }

    private void Start(CamtScanner at)
    {
        switch (at.Field)
        {
            case CamtField.Statement:
                _hasStatement = true;
                _statement = new CamtStatement(kind, limits, fileName, at.Line);
                break;
            case CamtField.Balance:
                _balance = default;
                break;
            case CamtField.Entry:
                _entry = new CamtEntry(Record, at.Line);
                break;
            case CamtField.EntryDetails:
                _entry!.DetailGroups++;
                break;
            case CamtField.Transaction:
                _detail = new CamtDetail();
                break;
            case CamtField.ProprietaryReference:
                _proprietary = default;
                break;
            case CamtField.ReturnInformation:
                _detail!.IsReturn = true;
                break;
        }
    }

    private void EndStructure(CamtScanner at)
    {
        switch (at.Field)
        {
            case CamtField.Statement:
                _statement!.Close(Items);
                _statement = null;
                break;
            case CamtField.Balance:
                if (CamtBalances.IsRead(_balance.Type)) _statement!.Balances.Take(_balance.Type!, ReadBalance(at));
                break;
            case CamtField.Entry:
                if (Record > limits.EntriesMax)
                    throw new StatementFormatException(fileName, Position(at.Line), $"at most {limits.EntriesMax} entries in a file", "more");
                _statement!.Book(_entry!, Items);
                Record++;
                break;
            case CamtField.Transaction:
                if (++_entry!.DetailCount <= limits.BatchDetailsMax) _entry.Details.Add(_detail!);
                break;
            case CamtField.ProprietaryReference:
                if (_proprietary is ({ } type, { } value)) _detail!.AddProprietary(type, value);
                break;
        }
    }

    private void TakeText(CamtScanner at, string text)
    {
        if (_detail is not null && at.Field >= CamtField.ServicerReference) TakeDetail(_detail, at, text);
        else if (_entry is not null && at.Field >= CamtField.EntryAmount) TakeEntry(_entry, at, text);
        else TakeStatement(_statement!, at, text);
    }

    private void TakeStatement(CamtStatement statement, CamtScanner at, string text)
    {
        switch (at.Field)
        {
            case CamtField.StatementId: statement.Id = Reference(text, at); break;
            case CamtField.ElectronicNumber: statement.ElectronicNumber = Reference(text, at); break;
            case CamtField.LegalNumber: statement.LegalNumber = Reference(text, at); break;
            case CamtField.AccountIban or CamtField.AccountOther: statement.Account = Iban.Compact(Reference(text, at)); break;
            case CamtField.AccountCurrency: statement.AccountCurrency = ReadCurrency(text, at); break;
            case CamtField.BalanceType: _balance.Type = text; break;
            case CamtField.BalanceAmount: (_balance.Amount, _balance.Currency) = (text, at.AmountCurrency); break;
            case CamtField.BalanceDirection: _balance.Direction = text; break;
            case CamtField.BalanceDate: _balance.On = DateIfAny(text); break;
        }
    }

    private void TakeEntry(CamtEntry entry, CamtScanner at, string text)
    {
        switch (at.Field)
        {
            case CamtField.EntryAmount: (entry.Amount, entry.Currency) = (text, at.AmountCurrency); break;
            case CamtField.EntryDirection: entry.Direction = text; break;
            case CamtField.EntryReversal: entry.Reversal = text; break;
            case CamtField.EntryStatus: entry.Status = text; break;
            case CamtField.BookingDate: entry.BookedOn = Date(text, at); break;
            case CamtField.ValueDate: entry.ValueOn = DateIfAny(text); break;
            case CamtField.EntryServicerReference: entry.ServicerReference = Reference(text, at); break;
            case CamtField.EntryText: entry.Text = Cut(text, limits.MessageMax); break;
            case CamtField.EntryCharge: Charge(entry.Charges, text, at); break;
            case CamtField.BatchReference: entry.BatchReference = Reference(text, at); break;
            case CamtField.BatchCount: entry.BatchCount = Count(text); break;
        }
    }

    private void TakeDetail(CamtDetail detail, CamtScanner at, string text)
    {
        switch (at.Field)
        {
            case CamtField.ServicerReference: detail.ServicerReference = Reference(text, at); break;
            case CamtField.EndToEndId: detail.EndToEndId = Reference(text, at); break;
            case CamtField.TransactionId: detail.TransactionId = Reference(text, at); break;
            case CamtField.ProprietaryType: _proprietary.Type = Reference(text, at); break;
            case CamtField.ProprietaryValue: _proprietary.Value = Reference(text, at); break;
            case CamtField.Amount: (detail.Amount, detail.AmountCurrency) = (text, at.AmountCurrency); break;
            case CamtField.DetailsAmount: (detail.DetailsAmount, detail.DetailsAmountCurrency) = (text, at.AmountCurrency); break;
            case CamtField.InstructedAmount: (detail.Instructed, detail.InstructedCurrency) = (text, at.AmountCurrency); break;
            case CamtField.Charge: Charge(detail.Charges, text, at); break;
            case CamtField.Direction: detail.Direction = text; break;
            case CamtField.DebtorName: detail.Debtor.Name = Cut(text, limits.NameMax); break;
            case CamtField.DebtorIban: detail.Debtor.Iban = Reference(text, at); break;
            case CamtField.DebtorOther: detail.Debtor.OtherAccount = Reference(text, at); break;
            case CamtField.DebtorBank: detail.Debtor.Bank = Reference(text, at); break;
            case CamtField.CreditorName: detail.Creditor.Name = Cut(text, limits.NameMax); break;
            case CamtField.CreditorIban: detail.Creditor.Iban = Reference(text, at); break;
            case CamtField.CreditorOther: detail.Creditor.OtherAccount = Reference(text, at); break;
            case CamtField.CreditorBank: detail.Creditor.Bank = Reference(text, at); break;
            case CamtField.DebtorBic: detail.Debtor.Bic = Reference(text, at); break;
            case CamtField.CreditorBic: detail.Creditor.Bic = Reference(text, at); break;
            case CamtField.UltimateDebtorName: detail.UltimateDebtor = Cut(text, limits.NameMax); break;
            case CamtField.UltimateCreditorName: detail.UltimateCreditor = Cut(text, limits.NameMax); break;
            case CamtField.Unstructured: detail.Unstructured = Joined(detail.Unstructured, text); break;
            case CamtField.StructuredReference: detail.AddStructured(Reference(text, at)); break;
            case CamtField.StructuredText: detail.StructuredText = Joined(detail.StructuredText, text); break;
            case CamtField.TransactionText: detail.Text = Cut(text, limits.MessageMax); break;
        }
    }

    private CamtBalance ReadBalance(CamtScanner at)
    {
        var currency = ReadCurrency(_balance.Currency, at);
        if (!Amounts.TryRead(_balance.Amount, currency, out var amount)) throw Refuse(at.Line, Amounts.Expected, _balance.Amount);
        return _balance.Direction switch
        {
            "CRDT" => new CamtBalance(amount, _balance.On),
            "DBIT" => new CamtBalance(-amount, _balance.On),
            null => throw new StatementFormatException(
                fileName, Position(at.Line), "CRDT or DBIT (CdtDbtInd) beside a balance", "no sign: the balance could be a debt as well as money"),
            _ => throw Refuse(at.Line, "CRDT or DBIT", _balance.Direction),
        };
    }

    private Currency ReadCurrency(string? code, CamtScanner at) =>
        Currency.TryParse(code, out var currency) ? currency : throw Refuse(at.Line, "a currency of three letters", code);

    private DateOnly Date(string text, CamtScanner at) =>
        BankDates.TryIso(text, out var date) ? date : throw Refuse(at.Line, "a date as yyyy-mm-dd", text);

    /// <summary>A date that nothing depends on: what is none is as good as absent.</summary>
    private static DateOnly? DateIfAny(string text) => BankDates.TryIso(text, out var date) ? date : null;

    /// <summary>More are not kept; a transaction has two or three.</summary>
    private const int ChargesMax = 16;

    private static void Charge(List<(string Amount, string? Currency)> charges, string text, CamtScanner at)
    {
        if (charges.Count < ChargesMax) charges.Add((text, at.AmountCurrency));
    }

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private string Reference(string text, CamtScanner at) => text.Length <= limits.ReferenceMax
        ? text
        : throw Refuse(at.Line, $"at most {limits.ReferenceMax} characters", text);

    private string? Joined(string? before, string text)
    {
        if (before is null) return Cut(text, limits.MessageMax);
        return before.Length >= limits.MessageMax ? before : Cut($"{before} {text}", limits.MessageMax);
    }

    private static string? Cut(string text, int maxLength) => Texts.Normal(text, maxLength);

    private StatementFormatException Refuse(int line, string expected, string? found) =>
        new(fileName, Position(line), expected, Printable.Quote(found));

    private string Position(int line) => string.Create(CultureInfo.InvariantCulture, $"record {Record}, line {line}");
}
