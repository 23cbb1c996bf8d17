using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Tests.Accounts;

public sealed class AccountShardTests
{
    private const int Blocks = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    public void Every_account_is_held_by_one_shard(int of)
    {
        for (var id = 0L; id < Blocks * of * AccountShard.BlockSize; id += 100)
        {
            var account = new AccountId(id);
            var holders = Enumerable.Range(0, of).Where(number => new AccountShard(number, of).Holds(account));

            Assert.Equal([AccountShard.NumberOf(account, of)], holders);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1_000)]
    [InlineData(123_456)]
    public void The_first_block_after_an_account_is_the_next_of_the_shard(long id)
    {
        for (var number = 0; number < 5; number++)
        {
            var shard = new AccountShard(number, 5);
            var next = id + 1;
            while (!shard.Holds(new AccountId(next))) next++;

            Assert.Equal(AccountShard.BlockOf(new AccountId(next)), shard.FirstBlockAfter(new AccountId(id)));
        }
    }
}
