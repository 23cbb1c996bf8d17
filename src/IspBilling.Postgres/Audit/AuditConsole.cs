using System.Globalization;

namespace IspBilling.Postgres.Audit;

/// <summary>The report as an operator reads it.</summary>
public static class AuditConsole
{
    public const int Clean = 0, Faulty = 1;

    /// <returns>The exit code: 0 when nothing differs.</returns>
    public static int Print(AuditReport report, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Accounts:N0} accounts, {report.Events:N0} events, {report.Documents:N0} documents recomputed."));
        if (report.Unverified > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Unverified:N0} logins, passwords or keys were stored by an earlier release, or erased from the journal: there is nothing to compare them with."));
        }

        if (report.IsClean)
        {
            output.WriteLine("The books agree with the journal; hash chains, number series and sums hold.");
            return Clean;
        }

        foreach (var finding in report.Findings)
        {
            output.WriteLine();
            output.WriteLine($"{finding.Code}: {(finding.Account is { } account ? $"account {account}, " : "")}{finding.Subject}");
            output.WriteLine($"  found     {finding.Found}");
            output.WriteLine($"  expected  {finding.Expected}");
        }

        output.WriteLine();
        var unnamed = report.FindingsTotal - report.Findings.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.FindingsTotal:N0} findings{(unnamed > 0 ? $", {unnamed:N0} of them not named here" : "")}."));
        return Faulty;
    }
}
