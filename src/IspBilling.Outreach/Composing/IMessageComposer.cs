using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Composing;

/// <summary>Words of one message, ready for its channel.</summary>
/// <param name="Language"><c>cs</c>, <c>sk</c> or <c>en</c>.</param>
/// <param name="Subject">One line; null where the channel has none.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Html">The same as a whole HTML page; null where the channel has none.</param>
/// <param name="Template">Which template it was made by and its version, such as <c>reminder-1/email/cs@3</c>.</param>
public sealed record MessageText(string Language, string? Subject, string Text, string? Html, string Template);

/// <summary>What became of an attempt to put a message into words.</summary>
public abstract record Composition
{
    private Composition()
    {
    }

    public sealed record Written(MessageText Text) : Composition;

    /// <summary>No template makes a message of this; the delivery waits for a person who mends the template.</summary>
    public sealed record Impossible(string Reason) : Composition;
}

/// <summary>Puts what an account decided to tell into words of the client's language.</summary>
public interface IMessageComposer
{
    ValueTask<Composition> Compose(Delivery delivery, MessageFacts facts, CancellationToken cancellation);
}
