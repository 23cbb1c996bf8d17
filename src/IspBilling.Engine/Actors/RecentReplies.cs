using IspBilling.Domain;

namespace IspBilling.Engine.Actors;

/// <summary>The last few commands of a live account and their replies, so that a quick retry needs no database.</summary>
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
