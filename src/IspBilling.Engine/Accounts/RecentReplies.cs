using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>The last few commands of a live account and what was answered: a caller's quick retry needs no round trip.</summary>
internal sealed class RecentReplies
{
    private const int Max = 4;
    private readonly (CommandId Command, AccountReply Reply)[] _ring = new (CommandId, AccountReply)[Max];
    private int _next;

    public AccountReply? Find(CommandId command)
    {
        foreach (var (known, reply) in _ring)
        {
            if (reply is not null && known == command) return reply;
        }

        return null;
    }

    public void Remember(CommandId command, AccountReply reply)
    {
        _ring[_next] = (command, reply);
        _next = (_next + 1) % Max;
    }
}
