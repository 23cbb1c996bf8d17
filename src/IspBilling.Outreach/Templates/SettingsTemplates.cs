using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates;

/// <summary>Templates and brands among the provider's settings, as they are at the moment.</summary>
public sealed class SettingsTemplates(LiveContext contexts) : ITemplateSource
{
    public StoredTemplate? Find(TemplateKey key) => contexts.Settings.Templates.GetValueOrDefault(key);

    public MessageBrand BrandOf(IssuerId issuer) => contexts.Settings.Brands.GetValueOrDefault(issuer, MessageBrand.Default);
}
