using IspBilling.Domain;

namespace IspBilling.Http.Requests;

/// <summary>Nothing was changed, because something newer was said before. There is nothing to repeat and nothing to mend.</summary>
/// <param name="Stale">Always true.</param>
/// <param name="KnownRevision">The highest revision that came so far.</param>
public sealed record StaleAnswer(bool Stale, long KnownRevision)
{
    public static StaleAnswer Of(Stale reply) => new(Stale: true, reply.Known);
}
