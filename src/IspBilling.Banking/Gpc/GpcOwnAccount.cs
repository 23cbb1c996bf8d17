using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Banking.Gpc;

/// <summary>
/// Whose account a statement is of. The header has the number only; two banks may have the same number, and one bank may keep an account
/// of one number in two currencies.
/// </summary>
/// <param name="BankCode">Null where neither the file nor the provider says.</param>
internal sealed record GpcOwnAccount(string? BankCode, Currency Currency)
{
    /// <param name="first">The first entry; default where the statement has none.</param>
    /// <exception cref="Engine.StatementImports.StatementFormatException">Several own accounts could be meant, or none of this currency.</exception>
    public static GpcOwnAccount Of(GpcHeader header, GpcAccount account, in GpcRecord first, StatementReaderOptions options, string fileName)
    {
        var code = first.Length > 0 ? GpcItem.CurrencyOf(first) : null;
        var ofNumber = options.OwnAccounts.Where(own => account.Is(own.Account)).Distinct().ToList();
        var ofBank = ofNumber.Where(own => BankOf(own) == GpcConvention.FioBank ? !header.IsSignedByNobody : !header.IsSignedByFio).ToList();
        if (header.IsSignedByFio && ofBank.Count == 0) return new GpcOwnAccount(GpcConvention.FioBank, code ?? options.GpcCurrency);

        // A missing signature decides between two banks; where Fio's is the only account of the number, it is believed.
        var own = Narrowed(ofBank.Count > 0 ? ofBank : ofNumber, code);
        if (own.Count > 1)
            throw header.Refuse(fileName, "one own account of this number", $"{string.Join(" and ", own.Select(Named))}; the file does not say which");
        if (own.Count == 0) return new GpcOwnAccount(BankByItsRecords(first) ?? options.OwnBankCode, code ?? options.GpcCurrency);
        if (own[0].Currency is { } stated && code is { } told && told != stated)
            throw header.Refuse(fileName, $"entries in {stated}, the currency of the own account {own[0].Account}", told.Code);
        return new GpcOwnAccount(BankOf(own[0]), own[0].Currency ?? code ?? options.GpcCurrency);
    }

    /// <summary>
    /// The bank that the release before took: that of the first own account with the number, whatever the file's signature says.
    /// </summary>
    public static string? BankAsReadBefore(GpcHeader header, GpcAccount account, in GpcRecord first, StatementReaderOptions options)
    {
        foreach (var own in options.OwnAccounts)
            if (account.Is(own.Account)) return BankOf(own);
        return header.IsSignedByFio ? GpcConvention.FioBank : BankByItsRecords(first) ?? options.OwnBankCode;
    }

    /// <summary>Of several, those that are kept in the currency of the entries.</summary>
    private static List<OwnAccount> Narrowed(List<OwnAccount> accounts, Currency? code)
    {
        if (accounts.Count < 2 || code is not { } currency) return accounts;
        var inCurrency = accounts.Where(own => own.Currency == currency).ToList();
        return inCurrency.Count > 0 ? inCurrency : accounts;
    }

    private static string? BankByItsRecords(in GpcRecord first) => GpcItem.IsExtended(first) ? GpcConvention.CeskaSporitelnaBank : null;

    private static string BankOf(OwnAccount own) => own.Account.BankCode.ToString("0000", CultureInfo.InvariantCulture);

    private static string Named(OwnAccount own) => own.Currency is { } currency ? $"{own.Account} in {currency}" : own.Account.ToString();
}
