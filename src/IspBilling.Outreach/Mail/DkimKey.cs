using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace IspBilling.Outreach.Mail;

/// <summary>
/// A private key that mails are signed with, read once. Read for each mail, a key of 2048 bits cost a hundred milliseconds, in which its numbers were proven to
/// be prime; and the platform signs many times faster than the library that writes the header.
/// </summary>
internal sealed class DkimKey : IDisposable
{
    private readonly RSAParameters _parameters;
    private readonly AsymmetricKeyParameter _key;

    /// <summary>One signs at a time with each.</summary>
    private readonly ConcurrentBag<RSA> _idle = [];

    private DkimKey(RSA key)
    {
        _parameters = key.ExportParameters(includePrivateParameters: true);
        _key = DotNetUtilities.GetRsaKeyPair(_parameters).Private;
        _idle.Add(key);
    }

    /// <exception cref="ArgumentException">The text is no RSA key in PEM.</exception>
    /// <exception cref="CryptographicException">The key in it is none.</exception>
    public static DkimKey Read(string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return new DkimKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public DkimSigner Signer(string domain, string selector) => new Signing(this, domain, selector)
    {
        HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
    };

    public void Dispose()
    {
        while (_idle.TryTake(out var key)) key.Dispose();
    }

    private byte[] Sign(byte[] hash)
    {
        if (!_idle.TryTake(out var key)) key = RSA.Create(_parameters);
        try
        {
            return key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _idle.Add(key);
        }
    }

    private sealed class Signing(DkimKey key, string domain, string selector) : DkimSigner(key._key, domain, selector)
    {
        protected override ISigner CreateSigningContext() => new PlatformSigner(key);
    }

    /// <summary>RSA with SHA-256 (RFC 8017, 8.2), by the platform.</summary>
    private sealed class PlatformSigner(DkimKey key) : ISigner
    {
        /// <summary>The headers, a kilobyte or two.</summary>
        private readonly ArrayBufferWriter<byte> _signed = new();

        public string AlgorithmName => "SHA-256withRSA";

        public void Init(bool forSigning, ICipherParameters parameters)
        {
            if (!forSigning) throw new NotSupportedException("signs only");
        }

        public void Update(byte input) => _signed.Write([input]);

        public void BlockUpdate(byte[] input, int inOff, int inLen) => _signed.Write(input.AsSpan(inOff, inLen));

        public void BlockUpdate(ReadOnlySpan<byte> input) => _signed.Write(input);

        public int GetMaxSignatureSize() => key._parameters.Modulus!.Length;

        public byte[] GenerateSignature() => key.Sign(SHA256.HashData(_signed.WrittenSpan));

        public bool VerifySignature(byte[] signature) => throw new NotSupportedException("signs only");

        public void Reset() => _signed.Clear();
    }
}
