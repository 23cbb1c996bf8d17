using System.Collections.Immutable;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Outreach.Templates;

/// <summary>On what occasions clients are written to, by the names that templates have for them.</summary>
public static class Occasions
{
    public const string Reminder = "reminder";
    public const string Thanks = "thanks";
    public const string Restricted = "restricted";
    public const string Restored = "restored";
    public const string Statement = "statement";

    private const string DocumentPrefix = "document-";
    private const string StepPrefix = "reminder:";

    /// <summary>A step's own reminder comes on top of these.</summary>
    public static readonly ImmutableArray<string> All =
        [.. DocumentKinds.All.Select(traits => OfDocument(traits.Kind)), Reminder, Thanks, Restricted, Restored, Statement];

    public static readonly ImmutableArray<MessageChannel> Channels = [MessageChannel.Email, MessageChannel.Sms, MessageChannel.Print];

    /// <summary>Such as <c>document-invoice</c>.</summary>
    public static string OfDocument(DocumentKind kind) => DocumentPrefix + Hyphenated(kind.ToString());

    /// <summary>Such as <c>reminder:block</c>; where it has no template of its own, <see cref="Reminder"/> stands in for it.</summary>
    public static string OfStep(string step) => StepPrefix + step;

    public static bool IsStep(string occasion) => occasion.StartsWith(StepPrefix, StringComparison.Ordinal) && occasion.Length > StepPrefix.Length;

    /// <summary>The code of the step; null where the occasion is none's.</summary>
    public static string? StepOf(string occasion) => IsStep(occasion) ? occasion[StepPrefix.Length..] : null;

    public static bool IsKnown(string occasion) => All.Contains(occasion) || IsStep(occasion);

    /// <summary>The kind of document that is delivered on the occasion; null where none is.</summary>
    public static DocumentKind? KindOf(string occasion) =>
        DocumentKinds.All.Where(traits => OfDocument(traits.Kind) == occasion).Select(traits => (DocumentKind?)traits.Kind).FirstOrDefault();

    /// <summary>The occasion of a message, and the kind of its document where it delivers one. Null when clients are not written to about it.</summary>
    public static string? Of(OutgoingMessage message, DocumentKind? kind) => message switch
    {
        DeliverDocument => kind is { } delivered ? OfDocument(delivered) : null,
        SendReminder reminder => OfStep(reminder.Step),
        SendThanks => Thanks,
        EnforceServiceLevel { Level: ServiceLevel.Full } => Restored,
        EnforceServiceLevel => Restricted,
        _ => null,
    };

    private static string Hyphenated(string name)
    {
        var text = new StringBuilder(name.Length + 2);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
