using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using Orleans;

namespace IspBilling.Grains.Wire;

/// <summary>An <see cref="Envelope"/> on its way to another silo; the engine's own knows nothing of Orleans.</summary>
[GenerateSerializer, Immutable, Alias("IspBilling.Envelope")]
internal readonly struct EnvelopeSurrogate
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public AccountCommand Command { get; init; }

    /// <summary>The actor's name.</summary>
    [Id(2)]
    public string By { get; init; }

    [Id(3)]
    public bool Bulk { get; init; }

    [Id(4)]
    public string ActorKind { get; init; }

    [Id(5)]
    public string ActorId { get; init; }
}

[RegisterConverter]
internal sealed class EnvelopeConverter : IConverter<Envelope, EnvelopeSurrogate>
{
    public Envelope ConvertFromSurrogate(in EnvelopeSurrogate surrogate) =>
        new(new CommandId(surrogate.Id), surrogate.Command, StoredActor.Of(surrogate.ActorKind, surrogate.ActorId, surrogate.By), surrogate.Bulk);

    public EnvelopeSurrogate ConvertToSurrogate(in Envelope value) =>
        new()
        {
            Id = value.Id.Value, Command = value.Command, By = value.By.Name, Bulk = value.Bulk, ActorKind = StoredActor.NameOf(value.By.Kind), ActorId = value.By.Id,
        };
}
