using IspBilling.Domain;

namespace IspBilling.Http.Requests;

/// <summary>How a push ended that was not refused.</summary>
/// <param name="Stale">Nothing was changed, because something newer was said before. There is nothing to repeat and nothing to mend.</param>
/// <param name="KnownRevision">The highest revision that came so far, when it made this push out of date; else null.</param>
public sealed record PushAnswer(bool Stale, long? KnownRevision)
{
    public static PushAnswer Of(AccountReply reply) => reply is Stale stale ? new(Stale: true, stale.Known) : new(Stale: false, null);
}
