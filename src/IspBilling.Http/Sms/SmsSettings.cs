using IspBilling.Access.Ring;
using IspBilling.Outreach.Sms;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Sms;

/// <summary>The gateway for short messages, from the settings and the secrets. Read with each message, so that a change is in force at once.</summary>
internal sealed class SmsSettings(SettingsStore settings, SecretStore secrets) : ISmsSettings
{
    private (string Definition, SmsTarget Target)? _known;

    /// <summary>The same object as long as nothing changed: whoever talks to the gateway keeps its connections by it.</summary>
    public async ValueTask<SmsTarget?> Target(CancellationToken cancellation)
    {
        if (await settings.SmsGateway(cancellation) is not { } definition) return null;
        if (_known is { } known && known.Definition == definition) return known.Target;
        var target = SmsTargetJson.Read(definition);
        _known = (definition, target);
        return target;
    }

    public async ValueTask<string?> Secret(string name, CancellationToken cancellation) => await secrets.Find(name, cancellation);
}
