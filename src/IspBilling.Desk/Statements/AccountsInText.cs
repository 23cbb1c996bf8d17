using System.Globalization;
using System.Text.RegularExpressions;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;

namespace IspBilling.Desk.Statements;

/// <summary>
/// The engine knows accounts by number, and its sentences name them so: <c>account 2049: parked, …</c>. Outside, clients are known by the CRM's
/// references; they take the numbers' place here, in what was stored long ago as well.
/// </summary>
public static partial class AccountsInText
{
    public static IEnumerable<AccountId> In(string? text) => text is null ? [] : Numbers(text).Select(number => new AccountId(number));

    /// <summary>With the references of the accounts that are known; another number stays as it is.</summary>
    public static string? Named(string? text, IReadOnlyDictionary<AccountId, string> names) => text is null
        ? null
        : Account().Replace(text, match => Read(match) is { } number && names.TryGetValue(new AccountId(number), out var reference) ? $"client '{reference}'" : match.Value);

    public static async Task<string> Named(string text, ClientDirectory directory, CancellationToken cancellation)
    {
        AccountId[] accounts = [.. In(text).Distinct()];
        return accounts.Length == 0 ? text : Named(text, await directory.ReferencesOf(accounts, cancellation))!;
    }

    private static IEnumerable<long> Numbers(string text) => Account().Matches(text).Select(Read).OfType<long>();

    private static long? Read(Match match) =>
        long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A bank account's number is longer, or goes on with a dash or a slash.</summary>
    [GeneratedRegex(@"\baccount (?<number>[0-9]{1,18})\b(?![-/])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Account();
}
