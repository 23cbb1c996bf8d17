using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>Collects findings of checks that run side by side; keeps the first thousand and counts the rest.</summary>
internal sealed class FindingList
{
    private readonly Lock _gate = new();
    private readonly List<AuditFinding> _named = [];

    public long Total { get; private set; }

    public void Add(AuditCode code, AccountId? account, string subject, string found, string expected)
    {
        lock (_gate)
        {
            Total++;
            if (_named.Count < AuditReport.MaxNamed) _named.Add(new AuditFinding(code, account, subject, found, expected));
        }
    }

    public IReadOnlyList<AuditFinding> Ordered()
    {
        lock (_gate) return [.. _named.OrderBy(finding => finding.Account?.Value ?? 0).ThenBy(finding => finding.Code)];
    }
}
