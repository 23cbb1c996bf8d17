using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>
/// One of several equal parts of all accounts: blocks of neighbouring ids are dealt out in turn, so that a part is read from the
/// database block by block and grows with the whole.
/// <code>
///   ids     0–255   256–511   512–767   768–1023   1024–1279 …
///   shard     0        1         2          0          1           of 3
/// </code>
/// </summary>
/// <param name="Number">From 0.</param>
/// <param name="Of">How many parts there are.</param>
public readonly record struct AccountShard(int Number, int Of)
{
    public const int BlockSize = 256;

    public static int BlockOf(AccountId account) => (int)(account.Value / BlockSize);

    /// <summary>The number of the part that holds an account, when there are so many.</summary>
    public static int NumberOf(AccountId account, int of) => BlockOf(account) % of;

    public bool Holds(AccountId account) => NumberOf(account, Of) == Number;

    /// <summary>The first block of this part that holds an account after this one.</summary>
    public int FirstBlockAfter(AccountId account)
    {
        var block = BlockOf(new AccountId(account.Value + 1));
        return block + ((Number - (block % Of) + Of) % Of);
    }
}
