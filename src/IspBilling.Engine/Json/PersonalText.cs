using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IspBilling.Engine.Json;

/// <summary>
/// A personal text of an event: <c>{"part":0,"sha256":"…"}</c> in its place commits to it, and the row's personal part says what it is.
/// Events of earlier releases have the text itself there.
/// </summary>
/// <param name="isOptional">The member may be absent; then what was erased is absent.</param>
internal sealed class PersonalText(bool isOptional) : JsonConverter<string>
{
    /// <summary>Stands where a text was erased that cannot be absent.</summary>
    public const string Erased = "(erased)";

    // The serializer hands nothing through to its converters, so what belongs to the event at hand waits here, on the thread that is at it.
    [ThreadStatic]
    private static PersonalParts? writing;

    [ThreadStatic]
    private static ImmutableArray<string?> reading;

    /// <summary>Has an event written, its personal texts into the parts.</summary>
    public static void Write<T>(Utf8JsonWriter writer, T happened, JsonTypeInfo info, PersonalParts parts)
    {
        writing = parts;
        try
        {
            JsonSerializer.Serialize(writer, happened, info);
        }
        finally
        {
            writing = null;
        }
    }

    /// <summary>Reads an event with its personal texts in their places.</summary>
    public static object? Read(ReadOnlySpan<byte> payload, ReadOnlyMemory<byte> personal, JsonTypeInfo info)
    {
        reading = PersonalValues.Read(personal);
        try
        {
            return JsonSerializer.Deserialize(payload, info);
        }
        finally
        {
            reading = default;
        }
    }

    /// <summary>Puts a converter on every member that <see cref="PersonalMembers"/> declares personal.</summary>
    public static void Mark(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object) return;
        foreach (var property in info.Properties)
        {
            if (IsPersonal(info.Type, property.Name)) property.CustomConverter = new PersonalText(property.IsSetNullable);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        Span<byte> commitment = stackalloc byte[SHA256.HashSizeInBytes];
        var parts = writing ?? throw new InvalidOperationException("a personal text is written with its event only");
        var part = parts.Add(value, commitment);
        writer.WriteStartObject();
        writer.WriteNumber("part"u8, part);
        writer.WriteBase64String("sha256"u8, commitment);
        writer.WriteEndObject();
    }

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        if (reader.TokenType != JsonTokenType.StartObject) throw Unreadable();
        int? part = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPart = reader.ValueTextEquals("part"u8);
            reader.Read();
            if (isPart) part = reader.GetInt32();
        }

        if (part is not { } number || reading.IsDefault || (uint)number >= (uint)reading.Length) throw Unreadable();
        return reading[number] ?? (isOptional ? null : Erased);
    }

    private static bool IsPersonal(Type type, string jsonName)
    {
        foreach (var (declaring, member) in PersonalMembers.Personal)
        {
            if (declaring == type && JsonNamingPolicy.CamelCase.ConvertName(member) == jsonName) return true;
        }

        return false;
    }

    private static JsonException Unreadable() => new("a text, or a commitment to one that the row's personal part opens, expected");
}
