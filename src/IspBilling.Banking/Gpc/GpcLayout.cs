namespace IspBilling.Banking.Gpc;

/// <summary>A field of a record by its first position, from 1, and its length in bytes.</summary>
internal readonly record struct GpcField(int Position, int Length, string Name)
{
    public int Start => Position - 1;
    public int End => Position - 1 + Length;
}

/// <summary>The field tables of the ABO statement, shared by the reader and the writer.</summary>
internal static class GpcLayout
{
    public const int RecordBytes = 128;

    /// <summary>Česká spořitelna's longer entry: the usual 128 bytes, then messages, the original amount and the full name.</summary>
    public const int ExtendedRecordBytes = 1135;

    public static readonly GpcField RecordType = new(1, 3, "record type");

    /// <summary>Prefix and number in 16 digits; at the same place in the header and in entries.</summary>
    public static readonly GpcField OwnAccount = new(4, 16, "own account of 16 digits");

    /// <summary>One half of a message, in 078 (characters 1–70) and 079 (71–140).</summary>
    public static readonly GpcField MessagePart = new(4, 70, "message");

    internal static class Header
    {
        public static readonly GpcField AccountName = new(20, 20, "account name");
        public static readonly GpcField OpenedOn = new(40, 6, "date of the old balance as ddmmyy");
        public static readonly GpcField Opening = new(46, 14, "old balance of 14 digits");
        public static readonly GpcField OpeningSign = new(60, 1, "sign of the old balance, + or -");
        public static readonly GpcField Closing = new(61, 14, "new balance of 14 digits");
        public static readonly GpcField ClosingSign = new(75, 1, "sign of the new balance, + or -");
        public static readonly GpcField Debits = new(76, 14, "debit turnover");
        public static readonly GpcField DebitsSign = new(90, 1, "sign of the debit turnover");
        public static readonly GpcField Credits = new(91, 14, "credit turnover");
        public static readonly GpcField CreditsSign = new(105, 1, "sign of the credit turnover");
        public static readonly GpcField StatementNumber = new(106, 3, "statement number");
        public static readonly GpcField BookedOn = new(109, 6, "booking date as ddmmyy");
        public static readonly GpcField Filler = new(115, 14, "filler");
    }

    internal static class Item
    {
        public static readonly GpcField CounterAccount = new(20, 16, "counter account of 16 digits");
        public static readonly GpcField DocumentNumber = new(36, 13, "document number");
        public static readonly GpcField Amount = new(49, 12, "amount of 12 digits");
        public static readonly GpcField PostingCode = new(61, 1, "posting code");
        public static readonly GpcField VariableSymbol = new(62, 10, "variable symbol of 10 digits");
        public static readonly GpcField BankCode = new(74, 4, "bank code of 4 digits");
        public static readonly GpcField ConstantSymbol = new(78, 4, "constant symbol of 4 digits");
        public static readonly GpcField SpecificSymbol = new(82, 10, "specific symbol of 10 digits");
        public static readonly GpcField ValueOn = new(92, 6, "value date as ddmmyy or 000000");
        public static readonly GpcField Text = new(98, 20, "name or text");
        public static readonly GpcField ChangeCode = new(118, 1, "change code");
        public static readonly GpcField DataType = new(119, 4, "data type");
        public static readonly GpcField DueOn = new(123, 6, "due date as ddmmyy");

        public static readonly GpcField ExtendedMessages = new(129, 5 * ExtendedMessageBytes, "messages");
        public static readonly GpcField ExtendedName = new(369, 35, "name of the counterparty");

        public const int ExtendedMessageBytes = 35;
    }
}
