using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.DataProtection;
using OtpNet;

namespace IspBilling.Access.SignIn;

/// <summary>A second factor that is being set up; the secret is shown now and never again.</summary>
/// <param name="Secret">In base 32, to be typed into an authenticator.</param>
/// <param name="Uri">The same as <c>otpauth://</c>, for a QR code.</param>
public sealed record BegunFactor(string Secret, string Uri);

/// <summary>Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes. A step's code is good once.</summary>
public sealed class SecondFactor(SignInStore store, IDataProtectionProvider protection, TimeProvider clock)
{
    public const int RecoveryCodes = 10;

    private const string Issuer = "IspBilling";
    private const int SecretBytes = 20;
    private const int CodeDigits = 6;

    /// <summary>Bytes of a recovery code, written as sixteen letters of base 32 in four groups.</summary>
    private const int RecoveryBytes = 10;

    private const int MaxCodeLength = 40;

    /// <summary>The step before and after: clocks differ, and a code is typed while it ends.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly IDataProtector _protector = protection.CreateProtector("IspBilling.SecondFactor");

    /// <summary>Null when one is asked for already; it must be removed first.</summary>
    public async Task<BegunFactor?> Begin(PersonId person, string login, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        if (!await store.BeginFactor(person, _protector.Protect(secret), cancellation)) return null;
        var text = Base32Encoding.ToString(secret);
        return new BegunFactor(text, $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(login)}?secret={text}&issuer={Issuer}");
    }

    /// <summary>From now on the factor is asked for, which the settings journal tells.</summary>
    /// <param name="name">What the person is called.</param>
    /// <returns>Recovery codes, each good once, shown now and never again; null when the code is wrong or nothing was begun.</returns>
    public async Task<IReadOnlyList<string>?> Confirm(PersonId person, string name, string code, CancellationToken cancellation)
    {
        var stored = await store.Factor(person, cancellation);
        if (stored.IsConfirmed || stored.Factor is not { } factor || StepOf(factor, code) is not { } step) return null;
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToList();
        var by = new Authorship(new Actor(ActorKind.Person, person.Value.ToString(CultureInfo.InvariantCulture), name), clock.GetUtcNow());
        return await store.ConfirmFactor(person, factor, step, [.. codes.Select(HashOf)], by, cancellation) ? codes : null;
    }

    /// <summary>Whether a code is the factor's or a recovery code. Either is used by that.</summary>
    public async Task<bool> Use(PersonId person, byte[] factor, string code, CancellationToken cancellation)
    {
        if (code.Length > MaxCodeLength) return false;
        if (StepOf(factor, code) is { } step) return await store.UseStep(person, step, cancellation);
        return await store.UseRecoveryCode(person, HashOf(code), clock.GetUtcNow(), cancellation);
    }

    private long? StepOf(byte[] factor, string code)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length != CodeDigits || !digits.All(char.IsAsciiDigit)) return null;
        var totp = new Totp(_protector.Unprotect(factor));
        return totp.VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Window) ? step : null;
    }

    private static string NewRecoveryCode()
    {
        const int group = 4;
        var text = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RecoveryBytes)).ToLowerInvariant();
        return string.Join('-', text.Chunk(group).Select(letters => new string(letters)));
    }

    /// <summary>However it is typed: hyphens, spaces and case do not count.</summary>
    private static byte[] HashOf(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant()));
}
