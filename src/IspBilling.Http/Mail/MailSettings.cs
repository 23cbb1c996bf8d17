using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using IspBilling.Access.Ring;
using IspBilling.Domain;
using IspBilling.Outreach.Mail;
using IspBilling.Postgres.Outgoing;

namespace IspBilling.Http.Mail;

/// <summary>Mail servers as they are set over the interface, and the secrets they need.</summary>
public sealed class MailSettings(MailTargetStore targets, SecretStore secrets, TimeProvider clock) : IMailSettings
{
    /// <summary>A mailing asks for each mail; a change is in force after so long.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly ConcurrentDictionary<IssuerId, (long At, MailTarget? Target)> _targets = [];
    private readonly ConcurrentDictionary<string, (long At, string? Secret)> _secrets = new(StringComparer.Ordinal);

    public async ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation)
    {
        if (_targets.TryGetValue(issuer, out var known) && clock.GetElapsedTime(known.At) < Remembered) return known.Target;
        var target = Read(await targets.Find(issuer, cancellation));

        // The same value stays the same object: connections are kept by it.
        _targets[issuer] = (clock.GetTimestamp(), target);
        return target;
    }

    public async ValueTask<string?> Secret(string name, CancellationToken cancellation)
    {
        if (_secrets.TryGetValue(name, out var known) && clock.GetElapsedTime(known.At) < Remembered) return known.Secret;
        var secret = await secrets.Find(name, cancellation);
        _secrets[name] = (clock.GetTimestamp(), secret);
        return secret;
    }

    internal static MailTarget? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<MailTarget>(text, Form);

    internal static string Write(MailTarget target) => JsonSerializer.Serialize(target, Form);
}
