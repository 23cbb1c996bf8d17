using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>The account could not decide: a broken reference or a bug. Nothing changed; a clerk sees it and can have it retried.</summary>
public sealed record Parked(string Reason) : AccountReply;

/// <param name="Id">The same id again gets the first reply and changes nothing.</param>
/// <param name="By">Who asks; stands with the events that follow, and is covered by their hashes.</param>
/// <param name="Bulk">
/// One of very many, each to another account, that soon will not be asked again: a host does not keep the account for it.
/// </param>
public readonly record struct Envelope(CommandId Id, AccountCommand Command, Actor By, bool Bulk = false);

/// <summary>All accounts, wherever they run.</summary>
public interface IAccounts
{
    /// <summary>Asks one account; its turns run one at a time, in the order asked.</summary>
    /// <exception cref="AccountBusyException">Too many commands wait for this account; ask again later with the same id.</exception>
    /// <exception cref="Exception">The journal cannot be reached; whether the command happened is unknown, ask again with the same id.</exception>
    ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation);
}

/// <summary>One account got more commands than can wait for it.</summary>
public sealed class AccountBusyException(AccountId account)
    : InvalidOperationException($"account {account} has too many commands waiting; ask again later with the same id");
