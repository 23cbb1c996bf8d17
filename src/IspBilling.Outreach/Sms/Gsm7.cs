using System.Collections.Frozen;

namespace IspBilling.Outreach.Sms;

/// <summary>The default alphabet of GSM with its extension table (3GPP TS 23.038, 6.2.1): what fits into septets.</summary>
public static class Gsm7
{
    /// <summary>Each is one septet. The escape itself (0x1B) is no character.</summary>
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// <summary>Each is an escape and a septet.</summary>
    private const string Extension = "\f^{}\\[~]|€";

    private static readonly FrozenDictionary<char, int> Septets =
        Basic.Select(letter => KeyValuePair.Create(letter, 1)).Concat(Extension.Select(letter => KeyValuePair.Create(letter, 2))).ToFrozenDictionary();

    /// <summary>Septets of a character: 1, 2 for one of the extension table, 0 when it has none.</summary>
    public static int SeptetsOf(char letter) => Septets.GetValueOrDefault(letter);

    public static bool Has(char letter) => SeptetsOf(letter) > 0;
}
