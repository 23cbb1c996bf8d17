using IspBilling.Domain;

namespace IspBilling.Postgres.Audit;

/// <summary>Whether each charge stands on documents once: what lines charge, minus what corrections took back, is what the state says.</summary>
internal sealed class ChargeAudit
{
    /// <summary>What left the state as settled history, by number of service.</summary>
    private readonly Dictionary<int, long> _settled = [];

    /// <summary>Called around each event that is folded.</summary>
    public void Folded(AccountEvent happened, AccountState before, AccountState after)
    {
        if (happened is not HistorySettled) return;
        foreach (var (was, stays) in before.Services.Zip(after.Services))
            _settled[was.Number] = _settled.GetValueOrDefault(was.Number) + Sum(was) - Sum(stays);
    }

    public void Check(AccountState state, ExpectedBooks books, FindingList findings)
    {
        foreach (var service in state.Services) CheckDisjoint(state.Id, service, findings);
        CheckSums(state, books, findings);
        CheckCorrections(state.Id, books, findings);
    }

    private static long Sum(Service service) => service.Charged.Sum(segment => segment.Amount.Minor);

    private static void CheckDisjoint(AccountId account, Service service, FindingList findings)
    {
        for (var i = 1; i < service.Charged.Length; i++)
        {
            var (earlier, later) = (service.Charged[i - 1].Period, service.Charged[i].Period);
            if (later.From < earlier.To)
                findings.Add(AuditCode.ChargedTwice, account, $"service {service.Number}", $"{earlier} and {later}", "stretches that do not overlap, in order");
        }
    }

    private void CheckSums(AccountState state, ExpectedBooks books, FindingList findings)
    {
        var charged = books.Lines.Where(line => line.Service is not null).GroupBy(line => line.Service!.Value)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Amount));
        foreach (var service in state.Services)
        {
            var byState = Sum(service) + _settled.GetValueOrDefault(service.Number);
            var byLines = charged.GetValueOrDefault(service.Number);
            if (byState != byLines)
                findings.Add(AuditCode.ChargesDiffer, state.Id, $"service {service.Number}", $"{byState} charged by its state", $"{byLines} by the lines of its documents");
        }
    }

    private static void CheckCorrections(AccountId account, ExpectedBooks books, FindingList findings)
    {
        var lines = books.Lines.ToDictionary(line => (line.Document, line.Line), line => line.Amount);
        var left = new Dictionary<(int, int), long>(lines);
        foreach (var line in books.Lines)
        {
            if (line is not { CorrectsDocument: { } document, CorrectsLine: { } number }) continue;
            var subject = $"document {line.Document}, line {line.Line}";
            if (!lines.TryGetValue((document, number), out var original))
            {
                findings.Add(AuditCode.OverCorrected, account, subject, $"corrects document {document}, line {number}", "a line that exists");
                continue;
            }

            // A surcharge names the line it adds to and takes nothing back from it.
            if (Math.Sign(line.Amount) == Math.Sign(original)) continue;
            var rest = left[(document, number)];
            left[(document, number)] = rest + line.Amount;
            if (Math.Abs(line.Amount) > Math.Abs(rest))
                findings.Add(AuditCode.OverCorrected, account, subject, $"{line.Amount}", $"at most {rest}, what is left of document {document}, line {number}");
        }
    }
}
