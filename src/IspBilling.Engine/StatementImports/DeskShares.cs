using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What one account gets of a split entry.</summary>
public readonly record struct EntryShare(AccountId Account, Money Amount);

/// <summary>One payment that went back, whole or in part, or one refund that came back.</summary>
/// <param name="Payment">Its ordinal on the account.</param>
/// <param name="Amount">In the entry's currency.</param>
/// <param name="Stated">What that is in the account's currency, where it is another one.</param>
public readonly record struct ReturnShare(AccountId Account, int Payment, Money Amount, Money? Stated = null);

/// <summary>Whether what a clerk asks of the desk makes sense before any account is asked.</summary>
internal static class DeskShares
{
    /// <summary>Null for a sound split.</summary>
    public static DeskRefused? Problem(StatementEntry entry, IReadOnlyList<EntryShare> shares)
    {
        if (entry.IsReversal) return new DeskRefused(DeskRefusalReason.IsReversal, "a reversal cannot be split; say which payments it takes back");
        if (ProblemOfCount(shares.Count) is { } problem) return problem;
        if (shares.DistinctBy(share => share.Account).Count() != shares.Count)
            return new DeskRefused(DeskRefusalReason.SameAccountTwice, "one part for each account expected");
        return ProblemOfParts(entry, [.. shares.Select(share => share.Amount)], kept: 0);
    }

    /// <summary>Null for a sound return.</summary>
    public static DeskRefused? Problem(StatementEntry entry, IReadOnlyList<ReturnShare> shares, Money? fee)
    {
        if (ProblemOfCount(shares.Count) is { } problem) return problem;
        if (shares.DistinctBy(share => (share.Account, share.Payment)).Count() != shares.Count)
            return new DeskRefused(DeskRefusalReason.SamePaymentTwice, "each payment once expected");
        if (fee is { } kept && kept.Currency != entry.Amount.Currency)
            return new DeskRefused(DeskRefusalReason.CurrencyDiffers, $"the entry is in {entry.Amount.Currency}, the fee in {kept.Currency}");
        if (fee is { IsPositive: false }) return new DeskRefused(DeskRefusalReason.PartNotPositive, "a fee above 0 expected, or none");
        foreach (var share in shares)
        {
            if (share.Stated is { } stated && ProblemOfWorth(entry, stated) is { } wrong) return wrong;
        }

        // More leaves than went back to clients, or less arrives than came back from them: the difference is the bank's.
        Int128 feeMinor = fee?.Minor ?? 0;
        return ProblemOfParts(entry, [.. shares.Select(share => share.Amount)], entry.Direction == EntryDirection.Debit ? feeMinor : -feeMinor);
    }

    /// <summary>Null for an entry in the account's currency, and for one whose worth a clerk states with a reason.</summary>
    public static DeskRefused? ProblemOfStated(StatementEntry entry, Money? stated, string? reason)
    {
        if (stated is not { } worth) return null;
        if (string.IsNullOrWhiteSpace(reason)) return new DeskRefused(DeskRefusalReason.ReasonMissing, "a stated amount needs a reason");
        return ProblemOfWorth(entry, worth);
    }

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

    private static DeskRefused? ProblemOfWorth(StatementEntry entry, Money worth)
    {
        if (worth.Currency == entry.Amount.Currency)
            return new DeskRefused(DeskRefusalReason.CurrencyDiffers, $"the entry is in {entry.Amount.Currency} already; its amount is what is booked");
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
