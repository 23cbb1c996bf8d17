namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>Where cases of statements begin: debtors, each by a symbol of their own, and a bank. Whatever a test did, it leaves clean books.</summary>
public abstract class DebtorsOfABank : IAsyncLifetime
{
    private readonly long[] _symbols;

    private protected Bank _bank = null!;

    /// <param name="symbols">Of debtors 1, 2, ….</param>
    protected DebtorsOfABank(params long[] symbols) => _symbols = symbols;

    public async Task InitializeAsync()
    {
        _bank = await Bank.Open();
        for (var i = 0; i < _symbols.Length; i++) await _bank.Debtor(i + 1, _symbols[i]);
    }

    public async Task DisposeAsync()
    {
        var findings = await _bank.Findings();
        await _bank.DisposeAsync();
        Assert.Empty(findings);
    }
}
