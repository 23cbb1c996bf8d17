using System.Xml.Linq;
using IspBilling.Postgres.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Access.Ring;

/// <summary>
/// The keys that protect cookies and secrets, the same on every node: kept in PostgreSQL, wrapped by the key file, and made here alone, under
/// a lock. The framework would make one on each of the nodes that start together, and each would refuse what another protected.
/// </summary>
public sealed class KeyRing
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>A successor is there this long before a key expires, so that every node knows it in time.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    private readonly KeyRingStore _store;
    private readonly WrappingKey _key;
    private readonly TimeProvider _clock;

    private KeyRing(KeyRingStore store, WrappingKey key, TimeProvider clock) => (_store, _key, _clock) = (store, key, clock);

    /// <summary>The key file was made now, and somebody should keep a copy of it.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Opens the ring; where there is none yet, makes it, and the key file too unless it is there.</summary>
    /// <param name="clock">The machine's, as the framework reads it when it looks for the key of now.</param>
    /// <exception cref="KeyFileException">The file is missing, unusable, or another than the ring was wrapped by.</exception>
    public static async Task<KeyRing> Open(KeyRingStore store, string keyFile, TimeProvider clock, CancellationToken cancellation)
    {
        // Nodes that start together on one machine would also make the file at the same time.
        var ring = await store.Alone(() =>
        {
            var elements = store.Read();
            var isNew = elements.Count == 0 && !File.Exists(keyFile);
            var key = isNew ? WrappingKey.Create(keyFile) : WrappingKey.Read(keyFile);
            RequireKeyOf(elements, key, keyFile);
            return new KeyRing(store, key, clock) { IsNew = isNew };
        }, cancellation);
        await ring.Renew(cancellation);
        return ring;
    }

    /// <summary>Has the framework protect by this ring.</summary>
    public IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("IspBilling").DisableAutomaticKeyGeneration();
        return services.AddSingleton(_key).AddSingleton(this).Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new Repository(_store, _clock);
            options.XmlEncryptor = new RingEncryptor(_key);
            options.NewKeyLifetime = Lifetime;
        });
    }

    /// <summary>Makes a key when there is none for now, or none for the time after the last one. Of several nodes one does.</summary>
    public Task Renew(CancellationToken cancellation) => _store.Alone(() =>
    {
        using var services = AddTo(new ServiceCollection()).BuildServiceProvider();
        var keys = services.GetRequiredService<IKeyManager>();
        var now = _clock.GetUtcNow();
        var good = keys.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > now).ToList();
        if (!good.Any(key => key.ActivationDate <= now)) keys.CreateNewKey(now, now + Lifetime);
        else if (good.Max(key => key.ExpirationDate) is var last && last - now < Ahead) keys.CreateNewKey(last, last + Lifetime);
        return true;
    }, cancellation);

    private static void RequireKeyOf(IEnumerable<string> elements, WrappingKey key, string keyFile)
    {
        var strange = elements.SelectMany(element => XElement.Parse(element).Descendants(RingEncryptor.Element))
            .Select(wrapped => wrapped.Attribute(RingEncryptor.KeyId)?.Value).FirstOrDefault(by => by != key.Id);
        if (strange is not null)
            throw new KeyFileException($"The key file {keyFile} is not that of this database, whose secrets were wrapped by the key {strange}: restore that file, or name it by ISPBILLING__KEYFILE.");
    }

    private sealed class Repository(KeyRingStore store, TimeProvider clock) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [.. store.Read().Select(element => XElement.Parse(element))];

        public void StoreElement(XElement element, string friendlyName) => store.Add(element.ToString(SaveOptions.DisableFormatting), clock.GetUtcNow());
    }
}
