using IspBilling.Domain;

namespace IspBilling.Banking.Fio;

/// <summary>The head of a Fio file as JSON or CSV tells it; the names are the same in both.</summary>
internal sealed class FioInfo
{
    /// <summary>The head has about a dozen lines; more names are not kept.</summary>
    private const int NamesMax = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public string? AccountId => Value("accountId");
    public string? BankId => Value("bankId");
    public string? CurrencyCode => Value("currency");
    public string? OpeningBalance => Value("openingBalance");
    public string? ClosingBalance => Value("closingBalance");
    public string? DateStart => Value("dateStart");
    public string? DateEnd => Value("dateEnd");

    /// <summary>Only a statement that was asked for by its number has one: <c>3/2024</c>.</summary>
    public string? StatementNumber => Value("idList") is { } number ? Value("yearList") is { } year ? $"{number}/{year}" : number : null;

    /// <summary>Written like everywhere in local form; the IBAN serves where the local parts are missing.</summary>
    public string? OwnAccount =>
        AccountId is not null ? CounterAccounts.Normal(AccountId, BankId)
        : CzechAccount.TryParse(Value("iban"), out var local) ? local.ToString()
        : CounterAccounts.Normal(Value("iban"), null);

    public void Take(string name, string? value)
    {
        if (value is { Length: > 0 } && _values.Count < NamesMax) _values[name] = value;
    }

    private string? Value(string name) => _values.GetValueOrDefault(name);
}
