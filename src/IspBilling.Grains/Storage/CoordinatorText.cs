using System.Text.Json;
using Orleans.Storage;

namespace IspBilling.Grains.Storage;

/// <summary>
/// Coordinators' states as plain JSON. Orleans' own serializer writes the names of .NET types into the text and could not read it any more once a
/// type has moved; this one reads by the names of properties only, and so also what releases before it wrote.
/// </summary>
internal sealed class CoordinatorText : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>()!;
}
