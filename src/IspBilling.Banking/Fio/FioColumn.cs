using System.Globalization;

namespace IspBilling.Banking.Fio;

/// <summary>The columns of a Fio movement that are read, by the bank's own numbers.</summary>
internal enum FioColumn
{
    None = -1,
    Date = 0,
    Amount = 1,
    CounterAccount = 2,
    CounterBank = 3,
    ConstantSymbol = 4,
    VariableSymbol = 5,
    SpecificSymbol = 6,
    UserIdentification = 7,
    Type = 8,
    CounterName = 10,
    Currency = 14,
    Message = 16,
    OrderId = 17,
    Specification = 18,
    MovementId = 22,
    Comment = 25,
    PayerReference = 27,
}

/// <summary>The same columns as CSV names them: in Czech, in Slovak, and in words that Fio has changed over the years.</summary>
internal static class FioColumns
{
    public const int Count = (int)FioColumn.PayerReference + 1;

    private static readonly Dictionary<string, FioColumn> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ID operace"] = FioColumn.MovementId,
        ["ID pohybu"] = FioColumn.MovementId,
        ["ID operácie"] = FioColumn.MovementId,
        ["Datum"] = FioColumn.Date,
        ["Dátum"] = FioColumn.Date,
        ["Objem"] = FioColumn.Amount,
        ["Měna"] = FioColumn.Currency,
        ["Mena"] = FioColumn.Currency,
        ["Protiúčet"] = FioColumn.CounterAccount,
        ["Název protiúčtu"] = FioColumn.CounterName,
        ["Názov protiúčtu"] = FioColumn.CounterName,
        ["Kód banky"] = FioColumn.CounterBank,
        ["KS"] = FioColumn.ConstantSymbol,
        ["VS"] = FioColumn.VariableSymbol,
        ["SS"] = FioColumn.SpecificSymbol,
        ["Uživatelská identifikace"] = FioColumn.UserIdentification,
        ["Užívateľská identifikácia"] = FioColumn.UserIdentification,
        ["Zpráva pro příjemce"] = FioColumn.Message,
        ["Správa pre príjemcu"] = FioColumn.Message,
        ["Upřesnění"] = FioColumn.Specification,
        ["Upresnenie"] = FioColumn.Specification,
        ["Typ"] = FioColumn.Type,
        ["Typ pohybu"] = FioColumn.Type,
        ["Typ operace"] = FioColumn.Type,
        ["Komentář"] = FioColumn.Comment,
        ["Komentár"] = FioColumn.Comment,
        ["Poznámka"] = FioColumn.Comment,
        ["Částka"] = FioColumn.Amount,
        ["Suma"] = FioColumn.Amount,
        ["ID pokynu"] = FioColumn.OrderId,
        ["Reference plátce"] = FioColumn.PayerReference,
        ["Referencia platiteľa"] = FioColumn.PayerReference,
    };

    public static FioColumn OfName(string name) => ByName.GetValueOrDefault(name.Trim(), FioColumn.None);

    /// <summary>
    /// The number within <c>column22</c> (JSON) or <c>column_22</c> (XML), in whatever case a client re-wrote it; columns that are not read
    /// give None.
    /// </summary>
    public static FioColumn OfNumberedName(ReadOnlySpan<char> name)
    {
        const string prefix = "column";
        if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return FioColumn.None;
        if (!int.TryParse(name[prefix.Length..].TrimStart('_'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return FioColumn.None;
        return Enum.IsDefined((FioColumn)number) ? (FioColumn)number : FioColumn.None;
    }
}
