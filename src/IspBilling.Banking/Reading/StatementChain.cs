using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>How the statements of one file follow each other: where one is missing between two, the clerk is told which.</summary>
internal sealed class StatementChain
{
    /// <summary>Accounts of one file whose last statement is remembered; a provider has a handful.</summary>
    private const int AccountsMax = 1_000;

    private readonly Dictionary<(string Account, Currency Currency), (StatementOpened Opened, Money? Closing)> _last = [];

    /// <summary>What is missing before this statement; null where it continues the one before, or the file does not say enough.</summary>
    public StatementWarning? Gap(StatementOpened next)
    {
        if (!_last.TryGetValue((next.Account, next.Currency), out var last) || IsToldAgain(last.Opened, next) || IsEarlier(last.Opened, next)) return null;
        var (from, to) = (Number(last.Opened.StatementNumber), Number(next.StatementNumber));
        var missing = to - from > 1 ? MissingNumbers(from!.Value, to!.Value) : null;
        var isJump = last.Closing is { } closing && next.Opening is { } opening && closing != opening;
        if (missing is null && !isJump) return null;
        var which = missing ?? "a statement is missing or incomplete";
        return new StatementWarning(
            $"account {next.OwnAccount}: {which}: statement {Named(last.Opened)} closes with {Shown(last.Closing)}, statement {Named(next)} opens with {Shown(next.Opening)}",
            next.Position);
    }

    private static bool IsToldAgain(StatementOpened last, StatementOpened next) =>
        next.StatementNumber == last.StatementNumber && next.Opening == last.Opening && next.LastDay == last.LastDay;

    /// <summary>Files are not always in order. Numbers begin again every year, so a day counts for more than a number.</summary>
    private static bool IsEarlier(StatementOpened last, StatementOpened next)
    {
        if (last.LastDay is { } before && next.LastDay is { } day && before != day) return day < before;
        return Number(next.StatementNumber) < Number(last.StatementNumber);
    }

    public void Remember(StatementOpened opened, StatementClosed closed)
    {
        if (_last.Count < AccountsMax || _last.ContainsKey((opened.Account, opened.Currency)))
            _last[(opened.Account, opened.Currency)] = (opened, closed.Closing);
    }

    private static string MissingNumbers(long from, long to) => to - from == 2
        ? string.Create(CultureInfo.InvariantCulture, $"statement {from + 1} is missing")
        : string.Create(CultureInfo.InvariantCulture, $"statements {from + 1} to {to - 1} are missing");

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Named(StatementOpened opened) =>
        opened.StatementNumber is { } number ? $"{number} of {Day(opened)}" : $"of {Day(opened)}";

    private static string Day(StatementOpened opened) =>
        (opened.LastDay ?? opened.OpenedOn)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "an unknown day";

    private static string Shown(Money? balance) => balance?.ToString() ?? "an unknown balance";
}
