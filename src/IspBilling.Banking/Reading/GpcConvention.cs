namespace IspBilling.Banking;

/// <summary>Which posting codes take back an earlier entry; 1 is a debit and 2 a credit everywhere.</summary>
public enum GpcReversalCodes
{
    /// <summary>4 takes back a debit, 5 a credit: Komerční banka, Fio and most others.</summary>
    FourAndFive,

    /// <summary>3 takes back a debit, 4 a credit: Česká spořitelna.</summary>
    ThreeAndFour,
}

/// <summary>What one bank does differently within the same 128 bytes.</summary>
/// <param name="DocumentNumberIsUnique">
/// The document number identifies the movement for good. Only then is it the entry's reference: a number that a bank uses twice would
/// make the second payment look like a repetition.
/// </param>
/// <param name="DueDateIsBookingDate">
/// The entry's last date is always the day it was booked, also on the first day of the statement. Elsewhere it is believed only where it
/// lies within the statement, and the statement's date serves otherwise.
/// </param>
public sealed record GpcConvention(
    GpcReversalCodes Reversals, bool DocumentNumberIsUnique = false, bool DueDateIsBookingDate = false)
{
    internal const string CeskaSporitelnaBank = "0800";
    internal const string FioBank = "2010";

    public static readonly GpcConvention Usual = new(GpcReversalCodes.FourAndFive);
    public static readonly GpcConvention CeskaSporitelna = new(GpcReversalCodes.ThreeAndFour);
    public static readonly GpcConvention Fio = new(GpcReversalCodes.FourAndFive, DocumentNumberIsUnique: true, DueDateIsBookingDate: true);

    /// <summary>The convention of a bank by its code; <see cref="Usual"/> where it is not known to differ.</summary>
    public static GpcConvention Of(string? bankCode) => bankCode switch
    {
        CeskaSporitelnaBank => CeskaSporitelna,
        FioBank => Fio,
        _ => Usual,
    };
}
