using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What one account gets of a split entry.</summary>
/// <param name="Amount">In the entry's currency.</param>
/// <param name="Stated">What that is in the account's currency, where it is another one.</param>
public readonly record struct EntryShare(AccountId Account, Money Amount, Money? Stated = null);

/// <summary>One payment that went back, whole or in part, or one refund that came back.</summary>
/// <param name="Payment">Its ordinal on the account.</param>
/// <param name="Amount">In the entry's currency.</param>
/// <param name="Stated">What that is in the account's currency, where it is another one.</param>
public readonly record struct ReturnShare(AccountId Account, int Payment, Money Amount, Money? Stated = null);

/// <summary>Whether what a clerk asks of the desk makes sense before any account is asked.</summary>
internal static class DeskShares
{
    /// <summary>Null for a sound split.</summary>
    public static DeskRefused? Problem(StatementEntry entry, IReadOnlyList<EntryShare> shares, string? reason)
    {
        if (entry.IsReversal) return new DeskRefused(DeskRefusalReason.IsReversal, "a reversal cannot be split; say which payments it takes back");
        if (ProblemOfCount(shares.Count) is { } problem) return problem;
        if (shares.DistinctBy(share => share.Account).Count() != shares.Count)
            return new DeskRefused(DeskRefusalReason.SameAccountTwice, "one part for each account expected");
        foreach (var share in shares)
        {
            if (ProblemOfStated(share.Amount, share.Stated, reason) is { } wrong) return wrong;
        }

        return ProblemOfParts(entry, [.. shares.Select(share => share.Amount)], kept: 0);
    }

    /// <summary>Null for a sound return.</summary>
    public static DeskRefused? Problem(StatementEntry entry, IReadOnlyList<ReturnShare> shares, Money? fee)
    {
        if (ProblemOfCount(shares.Count) is { } problem) return problem;
        if (shares.DistinctBy(share => (share.Account, share.Payment)).Count() != shares.Count)
            return new DeskRefused(DeskRefusalReason.SamePaymentTwice, "each payment once expected");
        if (fee is { } kept && kept.Currency != entry.Amount.Currency)
            return new DeskRefused(DeskRefusalReason.CurrencyDiffers, $"the entry is in {entry.Amount.Currency}, the fee in {kept.Currency}", AboutFee: true);
        if (fee is { IsPositive: false }) return new DeskRefused(DeskRefusalReason.PartNotPositive, "a fee above 0 expected, or none", AboutFee: true);
        foreach (var share in shares)
        {
            if (share.Stated is { } stated && ProblemOfWorth(share.Amount, stated) is { } wrong) return wrong;
        }

        // More leaves than went back to clients, or less arrives than came back from them: the difference is the bank's.
        Int128 feeMinor = fee?.Minor ?? 0;
        return ProblemOfParts(entry, [.. shares.Select(share => share.Amount)], entry.Direction == EntryDirection.Debit ? feeMinor : -feeMinor);
    }

    /// <summary>Null for what is booked as it is, and for an amount in another currency whose worth a clerk states with a reason.</summary>
    /// <param name="amount">The entry's, or a part of it.</param>
    public static DeskRefused? ProblemOfStated(Money amount, Money? stated, string? reason)
    {
        if (Beside(amount, stated) is not { } worth) return null;
        if (ProblemOfWorth(amount, worth) is { } problem) return problem;
        return string.IsNullOrWhiteSpace(reason) ? new DeskRefused(DeskRefusalReason.ReasonMissing, "a stated amount needs a reason") : null;
    }

    /// <summary>A clerk who repeats the amount states nothing.</summary>
    public static Money? Beside(Money amount, Money? stated) => stated == amount ? null : stated;

    /// <summary>Null for two entries that cancel each other.</summary>
    public static DeskRefused? ProblemOfPair(EntryView one, EntryView other)
    {
        var (entry, counterpart) = (one.Entry, other.Entry);
        if (one.Id == other.Id || entry.Direction == counterpart.Direction)
            return new DeskRefused(DeskRefusalReason.NoPair, "one entry that came in and one that went out expected");
        if (entry.Amount != counterpart.Amount)
            return new DeskRefused(DeskRefusalReason.NoPair, $"entries of the same amount expected, not {entry.Amount} and {counterpart.Amount}");
        return AccountKey.Of(entry.OwnAccount) == AccountKey.Of(counterpart.OwnAccount)
            ? null
            : new DeskRefused(DeskRefusalReason.NoPair, $"entries of one own account expected, not of {entry.OwnAccount} and {counterpart.OwnAccount}");
    }

    private static DeskRefused? ProblemOfWorth(Money amount, Money worth)
    {
        if (worth == amount) return null;
        if (worth.Currency == amount.Currency)
        {
            return new DeskRefused(
                DeskRefusalReason.CurrencyDiffers,
                $"{amount} is booked as it is, not as {worth}: an amount is stated only in another currency; to book a part of the entry, split it");
        }

        return worth.IsPositive ? null : new DeskRefused(DeskRefusalReason.PartNotPositive, "a stated amount above 0 expected");
    }

    private static DeskRefused? ProblemOfCount(int count) => count switch
    {
        0 => new DeskRefused(DeskRefusalReason.NoParts, "at least one part expected"),
        > ClerkDesk.MaxParts => new DeskRefused(DeskRefusalReason.TooManyParts, $"at most {ClerkDesk.MaxParts} parts expected"),
        _ => null,
    };

    /// <param name="kept">What of the entry is nobody's part.</param>
    private static DeskRefused? ProblemOfParts(StatementEntry entry, IReadOnlyList<Money> parts, Int128 kept)
    {
        foreach (var part in parts)
        {
            if (part.Currency != entry.Amount.Currency)
                return new DeskRefused(DeskRefusalReason.CurrencyDiffers, $"the entry is in {entry.Amount.Currency}, a part in {part.Currency}");
            if (!part.IsPositive) return new DeskRefused(DeskRefusalReason.PartNotPositive, "parts above 0 expected");
        }

        // Wide enough for any parts: what a caller sends must not overflow.
        var sum = parts.Aggregate(kept, (sum, part) => sum + part.Minor);
        return sum == entry.Amount.Minor
            ? null
            : new DeskRefused(DeskRefusalReason.SumDiffers, $"the parts do not sum to the entry's {entry.Amount}{(kept == 0 ? "" : " with the fee")}");
    }
}
