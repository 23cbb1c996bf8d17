using Npgsql;

namespace IspBilling.Postgres.Audit;

/// <summary>
/// Recomputes the books from the journal and names everything that differs. Works on one snapshot while others write, account by
/// account in order of id; memory holds a few hundred accounts.
/// </summary>
public static class LedgerAudit
{
    /// <summary>Ranges that are checked while the next is read.</summary>
    private static readonly int RangesInHand = Environment.ProcessorCount;

    public static async Task<AuditReport> Run(NpgsqlDataSource database, IProgress<AuditProgress>? progress, CancellationToken cancellation)
    {
        await using var snapshot = await AuditSnapshot.Take(database, cancellation);
        var findings = new FindingList();
        var figures = new ExpectedFigures();
        var named = new NamedRevisions();
        var of = await snapshot.CountAccounts(cancellation);
        long accounts = 0, events = 0, documents = 0;
        var checks = new Queue<Task>();
        await foreach (var range in snapshot.Ranges(cancellation))
        {
            if (checks.Count == RangesInHand) await checks.Dequeue();
            checks.Enqueue(Task.Run(() => Check(range, figures, named, findings), cancellation));
            foreach (var account in range)
            {
                accounts++;
                events += account.Events.Count;
                documents += account.Documents.Count;
            }

            progress?.Report(new AuditProgress(accounts, of));
        }

        await Task.WhenAll(checks);
        await SeriesAudit.Check(snapshot.Connection, findings, cancellation);
        var unverified = await SettingsAudit.Check(snapshot.Connection, named, findings, cancellation);
        await EntryAudit.Check(snapshot.Connection, findings, cancellation);
        await MovementAudit.Check(snapshot.Connection, findings, cancellation);
        await FigureAudit.Check(snapshot.Connection, figures, findings, cancellation);
        return new AuditReport(accounts, events, documents, findings.Ordered(), findings.Total) { Unverified = unverified };
    }

    private static void Check(IReadOnlyCollection<StoredAccount> range, ExpectedFigures figures, NamedRevisions named, FindingList findings)
    {
        foreach (var account in range)
        {
            try
            {
                AccountAudit.Check(account, figures, named, findings);
            }
            catch (Exception uncomputable) when (uncomputable is not OutOfMemoryException)
            {
                // Whatever stands in the books, the audit goes on to the next account and names this one.
                findings.Add(AuditCode.Uncomputable, account.Id, "account", $"{uncomputable.GetType().Name}: {uncomputable.Message}", "events that can be recomputed");
                figures.Unreadable();
            }
        }
    }
}
