using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether the rows that people and reports read are those the events lead to, and sound in themselves.</summary>
internal static class BookAudit
{
    public static void Check(StoredAccount stored, ExpectedBooks expected, FindingList findings)
    {
        Compare(AuditCode.ProfileDiffers, stored.Profiles, expected.Profiles, row => row.Revision, row => $"revision {row.Revision}");
        Compare(AuditCode.ClientDiffers, Some(stored.Client), Some(expected.Client), _ => 0, _ => "client");
        Compare(AuditCode.DocumentDiffers, stored.Documents, expected.Documents, row => row.Ordinal, row => $"document {row.Ordinal}");
        Compare(AuditCode.LineDiffers, stored.Lines, expected.Lines, row => (row.Document, row.Line), row => $"document {row.Document}, line {row.Line}");
        Compare(AuditCode.PostingDiffers, stored.Postings, expected.Postings, row => row.Version, row => $"version {row.Version}");
        Compare(AuditCode.PaymentDiffers, stored.Payments, expected.Payments, row => row.Ordinal, row => $"payment {row.Ordinal}");
        Compare(AuditCode.AllocationDiffers, stored.Allocations, expected.Allocations, row => row.Version, row => $"version {row.Version}");
        Compare(AuditCode.AllocationDiffers, stored.CreditUses, expected.CreditUses, row => row.Version, row => $"version {row.Version}, money paid back");
        Compare(AuditCode.OpenItemDiffers, stored.OpenItems, expected.OpenItems, row => row.Document, row => $"document {row.Document}");
        Compare(AuditCode.TermDiffers, ExpectedTerms.Judged(stored), ExpectedTerms.Of(stored, expected.Particulars, expected.ContractNumbers.Values), row => row.Kind, row => $"terms of kind {row.Kind}");
        CheckAmounts(stored.Id, expected, findings);
        CheckPostings(stored.Id, expected, findings);
        CheckDocuments(stored.Id, expected, findings);
        CheckSettlements(stored.Id, expected, findings);

        void Compare<TRow, TKey>(
            AuditCode code, IEnumerable<TRow> found, IEnumerable<TRow> wanted, Func<TRow, TKey> key, Func<TRow, string> subject)
            where TRow : notnull where TKey : notnull => RowDifference.Add(findings, code, stored.Id, found, wanted, key, subject);
    }

    private static IEnumerable<T> Some<T>(T? row) where T : class => row is null ? [] : [row];

    /// <summary>What came in before amounts were bounded is named, so that a person can take it off.</summary>
    private static void CheckAmounts(AccountId account, ExpectedBooks expected, FindingList findings)
    {
        const string Wanted = "less than 10,000,000,000.00";
        foreach (var (ordinal, payment) in expected.PaymentsByOrdinal)
        {
            if (payment.Status == PaymentStatus.Booked && !AccountLimits.IsAmount(payment.Payment.Amount))
                findings.Add(AuditCode.AbsurdAmount, account, $"payment {ordinal}", $"{payment.Payment.Amount}", Wanted);
        }

        foreach (var (ordinal, document) in expected.DocumentsByOrdinal)
        {
            if (document.Document.Lines.FirstOrDefault(line => !AccountLimits.IsAmount(line.Amount)) is { } line)
                findings.Add(AuditCode.AbsurdAmount, account, $"document {ordinal}, line {line.Number}", $"{line.Amount}", Wanted);
        }
    }

    private static void CheckPostings(AccountId account, ExpectedBooks expected, FindingList findings)
    {
        foreach (var (version, sum) in expected.Postings.GroupBy(posting => posting.Version, (version, rows) => (version, rows.Sum(row => (decimal)row.Amount))))
        {
            if (sum != 0) findings.Add(AuditCode.PostingsUnbalanced, account, $"version {version}", string.Create(CultureInfo.InvariantCulture, $"a sum of {sum}"), "a sum of 0");
        }
    }

    /// <summary>Lines sum to base (net) or to base and tax (gross) of their group; groups and rounding sum to the total.</summary>
    private static void CheckDocuments(AccountId account, ExpectedBooks expected, FindingList findings)
    {
        CheckOrdinals(account, "document", expected.DocumentsByOrdinal.Keys, findings);
        CheckOrdinals(account, "payment", expected.PaymentsByOrdinal.Keys, findings);
        foreach (var document in expected.DocumentsByOrdinal.Values.Select(known => known.Document))
        {
            var groups = document.Vat.Sum(document.Currency, total => total.Gross) + document.Rounding;
            if (groups != document.Total)
                findings.Add(AuditCode.DocumentDoesNotAddUp, account, $"document {document.Ordinal}", $"a total of {document.Total}", $"{groups} by its tax groups");

            foreach (var group in document.Vat)
            {
                var lines = document.Lines.Where(line => (line.VatCategory, line.VatRate, line.PriceMode) == (group.Category, group.Rate, group.PriceMode))
                    .Sum(document.Currency, line => line.Amount);
                var stated = group.PriceMode == PriceMode.Net ? group.Base : group.Gross;
                if (lines != stated)
                    findings.Add(AuditCode.DocumentDoesNotAddUp, account, $"document {document.Ordinal}, {group.Category}", $"{stated}", $"{lines} by its lines");
            }
        }
    }

    private static void CheckOrdinals(AccountId account, string what, IEnumerable<int> ordinals, FindingList findings)
    {
        var next = 1;
        foreach (var ordinal in ordinals)
        {
            if (ordinal != next) findings.Add(AuditCode.OrdinalGap, account, $"{what} {next}", $"{what} {ordinal}", $"{what} {next}");
            next = ordinal + 1;
        }
    }

    private static void CheckSettlements(AccountId account, ExpectedBooks expected, FindingList findings)
    {
        foreach (var (ordinal, document) in expected.DocumentsByOrdinal)
        {
            if (document.Settled < 0 || document.Open < 0)
                findings.Add(AuditCode.OverAllocated, account, $"document {ordinal}", $"{document.Settled} settled", $"0 to {Math.Abs(document.Document.Total.Minor)}");
        }

        foreach (var (ordinal, payment) in expected.PaymentsByOrdinal)
        {
            var used = payment.Allocations.Sum(allocation => (decimal)allocation.Amount) + payment.PaidBack;
            var amount = Math.Max(payment.Payment.Amount.Minor, 0);
            if (used < 0 || used > amount)
                findings.Add(AuditCode.OverAllocated, account, $"payment {ordinal}", string.Create(CultureInfo.InvariantCulture, $"{used} used"), $"0 to {amount}");
            if (payment.Payment.IsOutgoing && payment.Payment.Uses?.Sum(use => (decimal)use.Amount.Minor) != -(decimal)payment.Payment.Amount.Minor)
                findings.Add(AuditCode.OverAllocated, account, $"payment {ordinal}", "money paid back that is nobody's credit", $"credit of {-(decimal)payment.Payment.Amount.Minor}");
        }
    }
}
