namespace IspBilling.Postgres.Figures;

/// <summary>What is summed. Amounts are minor units of the issuer's currency. Numbers are stored: never renumber.</summary>
public enum FigureMeasure : short
{
    /// <summary>Base of documents on their day of issue; key: VAT rate in basis points.</summary>
    Net = 1,

    /// <summary>VAT of documents on their day of issue; key: VAT rate in basis points.</summary>
    Tax = 2,

    Rounding = 3,

    /// <summary>Documents and their totals on their day of issue; key: kind.</summary>
    Documents = 4,

    /// <summary>What is open now and how many documents that is, on the day it is due; key: <see cref="OpenKey"/>.</summary>
    Open = 5,

    /// <summary>Accounts with something open; on the first day there is.</summary>
    Debtors = 6,

    /// <summary>Money received, on the day it was booked.</summary>
    Received = 7,

    /// <summary>Money that went back or was taken off an account, on that day.</summary>
    Released = 8,

    /// <summary>Accounts on the day of their first particulars.</summary>
    Joined = 9,

    /// <summary>Accounts on the day they were closed; a reopened one takes its count back.</summary>
    Left = 10,

    /// <summary>
    /// Services at their tariff's price that begin (positive) or stop (negative) to bring money on a day; key: tariff. The amount is
    /// quantity × (1 − discount) in units of <see cref="RecurringRevenue.ListUnit"/>: the price is the catalogue's, whatever it is by then.
    /// </summary>
    AtListPrice = 11,

    /// <summary>The same at an agreed price; key: tariff. The amount is money a month, in the tariff's price mode.</summary>
    AtAgreedPrice = 12,

    /// <summary>Base of documents on their date of supply; key: VAT rate in basis points.</summary>
    SuppliedNet = 21,

    /// <summary>VAT of documents on their date of supply; key: VAT rate in basis points.</summary>
    SuppliedTax = 22,
}

/// <summary>Keys of <see cref="FigureMeasure.Open"/>. Numbers are stored: never renumber.</summary>
public enum OpenKey { Invoice = 0, DisputedInvoice = 1, CreditNote = 2 }

/// <param name="Day">The first day there is where days do not matter.</param>
internal readonly record struct FigureKey(int Issuer, FigureMeasure Measure, DateOnly Day, int Key);
