using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What a command leads to: nothing but a reply, or events that become durable together with the messages.</summary>
/// <param name="State">The state after the events, as far as it is known before documents have their numbers.</param>
public sealed record Decision(
    ImmutableArray<AccountEvent> Events, ImmutableArray<OutgoingMessage> Messages, AccountReply Reply, AccountState State)
{
    public bool ChangesNothing => Events.IsEmpty;
}

/// <summary>Collects a decision's events, each applied at once, so that later parts of the same decision see it.</summary>
internal sealed class Turn(AccountState state, DecisionContext context)
{
    private readonly ImmutableArray<AccountEvent>.Builder _events = ImmutableArray.CreateBuilder<AccountEvent>();
    private readonly ImmutableArray<OutgoingMessage>.Builder _messages = ImmutableArray.CreateBuilder<OutgoingMessage>();

    public AccountState State { get; private set; } = state;

    public DecisionContext Context { get; } = context;

    public DateOnly Today => Context.Today;

    public void Happened(AccountEvent happened)
    {
        State = State.Evolve(happened);
        _events.Add(happened);
    }

    public void Tell(OutgoingMessage message) => _messages.Add(message);

    public Decision Reply(AccountReply reply) => new(_events.DrainToImmutable(), _messages.DrainToImmutable(), reply, State);

    public Decision Done() => Reply(Domain.Done.Instance);

    /// <summary>What this account, as it now stands, does not accept.</summary>
    public Decision Refuse(RefusalReason reason, string detail) => Refuse(new Refused(reason, detail));

    /// <summary>What no account could accept.</summary>
    /// <param name="member">See <see cref="Refused.Member"/>.</param>
    public Decision RefuseValue(string member, string detail, RefusalReason reason = RefusalReason.InvalidValue) => Refuse(new Refused(reason, detail, member));

    private Decision Refuse(Refused refused)
    {
        // A refusal after an event would make half a command durable.
        Invariant.Require(_events.Count == 0);
        return Reply(refused);
    }
}
