using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>The file is of a bank account that belongs to no issuer: nothing of it is booked until one states it.</summary>
/// <param name="account">As the file writes it.</param>
public sealed class NobodysStatementException(string account, Currency currency, string position)
    : Exception($"{position}: account {account} in {currency} is none of an issuer's bank accounts: state it at its issuer, and the file is booked")
{
    public string Account { get; } = account;
}

/// <summary>Asks of every statement whose account it is of: which account received the money decides whose clients may be booked.</summary>
public sealed class OwnStatements
{
    /// <summary>Null where two issuers share the account, from before that was refused: then its money may be either's.</summary>
    private readonly FrozenDictionary<(string Account, Currency Currency), StatementOwner?> _owners;

    public OwnStatements(IEnumerable<Issuer> issuers)
    {
        var owners = new Dictionary<(string, Currency), StatementOwner?>();
        foreach (var issuer in issuers)
        {
            foreach (var account in issuer.AllAccounts)
            {
                foreach (var written in (string?[])[account.Local, account.Iban])
                    if (written is not null) State(owners, (AccountKey.Of(written), account.CurrencyOf(issuer)), new StatementOwner(issuer.Id, issuer.Currency));
            }
        }

        _owners = owners.ToFrozenDictionary();
    }

    private static void State(Dictionary<(string, Currency), StatementOwner?> owners, (string, Currency) account, StatementOwner owner)
    {
        if (!owners.TryAdd(account, owner) && owners[account] != owner) owners[account] = null;
    }

    /// <exception cref="NobodysStatementException">While enumerating, at the first statement of an account that is nobody's.</exception>
    public async IAsyncEnumerable<StatementItem> Of(IAsyncEnumerable<StatementItem> items, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in items.WithCancellation(cancellation))
        {
            if (item is not StatementOpened opened) yield return item;
            else if (_owners.TryGetValue((opened.Account, opened.Currency), out var owner)) yield return opened with { Owner = owner };
            else throw new NobodysStatementException(opened.OwnAccount, opened.Currency, opened.Position);
        }
    }
}
