using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Access.Ring;

/// <summary>Wraps a key of the ring before it is stored.</summary>
internal sealed class RingEncryptor(WrappingKey key) : IXmlEncryptor
{
    public const string Element = "wrappedKey";
    public const string KeyId = "by";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement(Element, new XAttribute(KeyId, key.Id), Convert.ToBase64String(key.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))),
        typeof(RingDecryptor));
}

/// <summary>Opens what <see cref="RingEncryptor"/> wrapped. The name of this type and of its assembly stand in the stored ring: neither changes.</summary>
public sealed class RingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<WrappingKey>().Unwrap(Convert.FromBase64String(encryptedElement.Value))));
}
