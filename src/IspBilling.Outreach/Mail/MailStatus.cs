using System.Text.RegularExpressions;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Mail;

/// <summary>What an enhanced status code (RFC 3463) says of a mail that a server refused, or that came back.</summary>
public static partial class MailStatus
{
    /// <summary>Where a server gave none: 5.0.0 says only that it is for good.</summary>
    public const string Unspecified = "5.0.0";

    /// <summary>Milliseconds; of a text that is cut before, neither expression takes a thousandth of it.</summary>
    private const int MatchTime = 1_000;

    /// <summary>Characters in which a code is looked for.</summary>
    private const int Searched = 1_000;

    /// <summary>
    /// Permanent, and yet no word about the address: a full mailbox, a mail that is too long, a system that takes nothing, a protocol that was not kept, a
    /// content or a sender that is not wanted. Marking addresses by these would mark every client of a server on whose block list the provider stands.
    /// </summary>
    [GeneratedRegex(@"^5\.(2\.[23]|3\.\d{1,3}|4\.7|5\.\d{1,3}|6\.\d{1,3}|7\.\d{1,3})$", RegexOptions.ExplicitCapture, MatchTime)]
    private static partial Regex MayPass { get; }

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.ExplicitCapture, MatchTime)]
    private static partial Regex Anywhere { get; }

    /// <summary>The first code within a text; null when there is none.</summary>
    public static string? In(string? text) => text is not null && Anywhere.Match(text.Length > Searched ? text[..Searched] : text) is { Success: true } found ? found.Value : null;

    /// <param name="status">Such as <c>5.1.1</c>.</param>
    public static MailReturnKind OfFailure(string status) =>
        status.StartsWith('5') && !MayPass.IsMatch(status) ? MailReturnKind.Hard : MailReturnKind.Soft;
}
