namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>A fact about an engine that runs as root; skipped, with the reason, for other users.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "Only root has privileges to drop.";
    }
}
