using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;

namespace IspBilling.Grains.Wire;

/// <summary>An <see cref="AccountBatch"/> on its way to another silo.</summary>
[GenerateSerializer, Immutable, Alias("IspBilling.AccountBatch")]
internal readonly struct AccountBatchSurrogate
{
    [Id(0)]
    public long Account { get; init; }

    [Id(1)]
    public Envelope[] Commands { get; init; }
}

[RegisterConverter]
internal sealed class AccountBatchConverter : IConverter<AccountBatch, AccountBatchSurrogate>
{
    public AccountBatch ConvertFromSurrogate(in AccountBatchSurrogate surrogate) => new(new AccountId(surrogate.Account), surrogate.Commands);

    public AccountBatchSurrogate ConvertToSurrogate(in AccountBatch value) => new() { Account = value.Account.Value, Commands = [.. value.Commands] };
}
