using IspBilling.Domain;

namespace IspBilling.Engine.Wording;

/// <summary>What makes an issuer's mail look like the issuer's.</summary>
/// <param name="Name">Stands in the head; the issuer's own where it is null.</param>
/// <param name="Colour"><c>#rrggbb</c>; dark enough to carry white letters.</param>
/// <param name="LogoUrl">An image on the web (https); null where the name stands alone. Receivers who load no images see the name.</param>
public sealed record MessageBrand(string? Name = null, string Colour = MessageBrand.DefaultColour, string? LogoUrl = null)
{
    public const string DefaultColour = "#14506e";

    public static readonly MessageBrand Default = new();

    /// <summary>Under every mail in Czech; null where nothing of its own stands there. Likewise in the other languages.</summary>
    public string? FooterInCzech { get; init; }

    public string? FooterInSlovak { get; init; }

    public string? FooterInEnglish { get; init; }

    public string? FooterIn(string language) => language switch
    {
        ClientLanguages.English => FooterInEnglish,
        ClientLanguages.Slovak => FooterInSlovak,
        _ => FooterInCzech,
    };
}
