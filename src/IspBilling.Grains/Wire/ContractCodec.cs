using System.Buffers;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using Orleans;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace IspBilling.Grains.Wire;

/// <summary>
/// Commands and replies cross silos in the JSON contract of the journal, and only when they do cross: within a silo they are handed
/// over as they are, because nothing can change them.
/// </summary>
[Alias(Alias)]
internal sealed class ContractCodec : IGeneralizedCodec, IGeneralizedCopier, ITypeFilter
{
    public const string Alias = "IspBilling.Contract";
    private const uint CommandField = 0;
    private const uint ReplyField = 1;

    bool IGeneralizedCodec.IsSupportedType(Type type) => type == typeof(ContractCodec) || IsOfContract(type);

    bool IGeneralizedCopier.IsSupportedType(Type type) => IsOfContract(type);

    public bool? IsTypeAllowed(Type type) => type == typeof(ContractCodec) || IsOfContract(type) ? true : null;

    public object? DeepCopy(object? input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(ContractCodec), WireType.TagDelimited);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            if (value is AccountCommand command) JournalJson.WriteCommand(json, command);
            else JournalJson.WriteReply(json, (AccountReply)value!);
        }

        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeaderExpected(value is AccountCommand ? CommandField : ReplyField, WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)text.WrittenCount);
        writer.Write(text.WrittenSpan);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is of no command or reply that this program knows.</exception>
    public object ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference) return ReferenceCodec.ReadReference(ref reader, field.FieldType)!;
        field.EnsureWireTypeTagDelimited();
        var placeholder = ReferenceCodec.CreateRecordPlaceholder(reader.Session);
        object? value = null;
        for (uint at = 0; ;)
        {
            var header = reader.ReadFieldHeader();
            if (header.IsEndBaseOrEndObject) break;
            at += header.FieldIdDelta;
            if (at > ReplyField)
            {
                reader.ConsumeUnknownField(header);
                continue;
            }

            ReferenceCodec.MarkValueField(reader.Session);
            var text = reader.ReadBytes(reader.ReadVarUInt32());
            value = at == CommandField ? JournalJson.ReadCommand(text) : JournalJson.ReadReply(text);
        }

        ReferenceCodec.RecordObject(reader.Session, value!, placeholder);
        return value ?? throw new JsonException("neither a command nor a reply");
    }

    private static bool IsOfContract(Type type) => typeof(AccountCommand).IsAssignableFrom(type) || typeof(AccountReply).IsAssignableFrom(type);
}
