using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Identity;

/// <summary>How far two tellings of equal amount and direction agree in everything else.</summary>
internal static class Likeness
{
    /// <summary>They name different movements: other symbols, another payer, another id of a bank that never gives one twice.</summary>
    public static bool Differ(ToldEntry one, ToldEntry other) =>
        IsOther(one.UniqueReference, other.UniqueReference)
        || (one.Symbol is { } a && other.Symbol is { } b && a != b)
        || IsOther(one.SpecificSymbol, other.SpecificSymbol)
        || (IsWhole(one.Counter) && IsWhole(other.Counter) && one.Counter != other.Counter);

    /// <summary>Within one format a movement has one reference and one number; another format may tell others.</summary>
    public static bool DifferInNumber(ToldEntry one, ToldEntry other, bool isSameFormat) =>
        isSameFormat && (IsOther(one.UniqueReference ?? one.Reference, other.UniqueReference ?? other.Reference) || IsOther(one.DocumentNumber, other.DocumentNumber) || (one.IsPart && other.IsPart && IsOther(one.Parent, other.Parent)));

    /// <summary>A batch has one reference, which each of its payments tells as its parent.</summary>
    public static bool DifferInBatch(ToldEntry one, ToldEntry other) => IsOther(one.IsPart ? one.Parent : one.Reference ?? one.Parent, other.IsPart ? other.Parent : other.Reference ?? other.Parent);

    /// <summary>Everything by which a person would know a movement; null where its file leaves out the symbol or the payer.</summary>
    public static string? All(ToldEntry entry) =>
        entry.Symbol is { } symbol && IsWhole(entry.Counter) ? FormattableString.Invariant($"{symbol} {entry.SpecificSymbol} {entry.Counter}") : null;

    public static bool HaveSymbolsAndPayer(ToldEntry one, ToldEntry other) => HaveSymbols(one, other) && one.Counter == other.Counter;

    public static bool HaveSymbols(ToldEntry one, ToldEntry other) => one.Symbol == other.Symbol && one.SpecificSymbol == other.SpecificSymbol;

    public static bool NameOnePayer(ToldEntry one, ToldEntry other) =>
        (one.Symbol is not null && one.Symbol == other.Symbol) || (IsWhole(one.Counter) && one.Counter == other.Counter);

    public static bool AreNear(ToldEntry one, ToldEntry other) => Math.Abs(one.BookedOn.DayNumber - other.BookedOn.DayNumber) <= StatementRelations.DaysApartMax;

    private static bool IsOther(string? one, string? other) => one is not null && other is not null && one != other;

    /// <summary>With its bank. A number alone may be an account of any bank.</summary>
    private static bool IsWhole(string? account) => account is not null && (account.Contains('/', StringComparison.Ordinal) || account.Length >= 15);
}
