using System.Text.Json;
using System.Text.Json.Serialization;

namespace IspBilling.Outreach.Sms;

/// <summary>A target as it is stored. Members that an older or a newer release does not know are passed over; new ones have defaults.</summary>
public static class SmsTargetJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(SmsTarget target) => JsonSerializer.Serialize(target, Options);

    public static SmsTarget Read(string json) => JsonSerializer.Deserialize<SmsTarget>(json, Options) ?? throw new JsonException("null is no gateway");
}
