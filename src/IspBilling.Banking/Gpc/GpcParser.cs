using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>
/// Turns records into statement items, without any I/O. An entry waits for the next record, because message records (078, 079) follow
/// the entry they belong to.
/// </summary>
internal sealed class GpcParser(StatementReaderOptions options, string fileName)
{
    private readonly List<StatementItem> _items = [];
    private GpcHeader? _header;
    private GpcStatement? _statement;
    private StatementEntryRead? _waiting;
    private string _message = "";
    private bool _hasReportedUnreadRecords;
    private long _entries;

    /// <summary>What the records taken so far have completed; the caller clears it.</summary>
    public List<StatementItem> Items => _items;

    public void Take(in GpcRecord record)
    {
        if (record.Is("075"u8)) TakeEntry(record);
        else if (record.Is("078"u8) || record.Is("079"u8)) TakeMessage(record);
        else if (record.Is("074"u8)) TakeHeader(record);
        else if (record.Is("076"u8) || record.Is("077"u8)) PassOver(record);
        else throw record.Refuse(GpcLayout.RecordType, "record type 074, 075, 076, 077, 078 or 079");
    }

    public void End() => CloseStatement();

    private void TakeHeader(in GpcRecord record)
    {
        CloseStatement();
        _header = GpcHeader.Read(record);
    }

    private void TakeEntry(in GpcRecord record)
    {
        var statement = OpenStatement(record);
        Release();
        if (++_entries > options.Limits.EntriesMax)
            throw new StatementFormatException(fileName, record.Position, $"at most {options.Limits.EntriesMax} entries in a file", "more");
        _waiting = statement.ReadEntry(record, _items);
    }

    private void TakeMessage(in GpcRecord record)
    {
        if (_statement is null) throw record.Refuse(GpcLayout.RecordType, "an entry, record type 075, before a message");
        if (record.IsSavedAsUtf8(GpcLayout.RecordBytes)) throw record.RefuseUtf8();
        if (_waiting is null || _message.Length > options.Limits.MessageMax) return;

        // 079 goes on where the 70 characters of 078 end: its blanks at the end are part of the message when a word ends there.
        Span<char> part = stackalloc char[GpcLayout.MessagePart.Length];
        part.Fill(' ');
        Windows1250.Decode(record[GpcLayout.MessagePart], part);
        _message = string.Concat(_message, part);
    }

    /// <summary>Additional identifications that some banks send; nothing here needs them.</summary>
    private void PassOver(in GpcRecord record)
    {
        if (_header is null) throw record.Refuse(GpcLayout.RecordType, "a header, record type 074, first");
        if (_hasReportedUnreadRecords) return;
        _hasReportedUnreadRecords = true;
        _items.Add(new StatementWarning("additional records (076, 077) are not read", record.Position));
    }

    private GpcStatement OpenStatement(in GpcRecord first)
    {
        if (_statement is not null) return _statement;
        if (_header is null) throw first.Refuse(GpcLayout.RecordType, "a header, record type 074, first");
        _statement = new GpcStatement(_header, first, options, fileName);
        _statement.Open(_items);
        return _statement;
    }

    private void CloseStatement()
    {
        if (_header is null) return;
        var statement = OpenStatement(default);
        Release();
        statement.Close(_items);
        (_header, _statement) = (null, null);
    }

    /// <summary>Gives out the waiting entry with its message.</summary>
    private void Release()
    {
        if (_waiting is not { } waiting) return;
        var message = Texts.Normal(_message, options.Limits.MessageMax);
        _items.Add(message is null ? waiting : WithMessage(waiting, message));
        (_waiting, _message) = (null, "");
    }

    private static StatementEntryRead WithMessage(StatementEntryRead read, string message) => new(read.Entry with { Message = message })
    {
        Facts = read.Facts with
        {
            Messages = [.. read.Facts.Messages, message],
            AsReadBefore = read.Facts.AsReadBefore is { } before ? before with { Message = message } : null,
        },
    };
}
