using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// A state as text, for comparing two: every property there is, whether the engine's own snapshots know of it or not, so that what
/// a snapshot forgets shows.
/// </summary>
internal static class StateText
{
    private static readonly JsonSerializerOptions Everything = new(JournalJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static bool Same(AccountState one, AccountState other) => Of(one).AsSpan().SequenceEqual(Of(other));

    private static byte[] Of(AccountState state) => JsonSerializer.SerializeToUtf8Bytes(state, Everything);
}
