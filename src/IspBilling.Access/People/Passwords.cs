using System.Security.Cryptography;
using IspBilling.Postgres.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IspBilling.Access.People;

/// <summary>How passwords are chosen, kept and compared.</summary>
public sealed class Passwords
{
    public const int MinLength = 12;
    public const int MaxLength = 200;

    private const int MinDifferent = 5;

    /// <summary>PBKDF2 with HMAC-SHA512: about a tenth of a second of one core, for us and for whoever guesses with a stolen database.</summary>
    private const int Iterations = 210_000;

    private readonly PasswordHasher<PersonRow> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    /// <summary>Nobody's: compared where there is none to compare with, so that this takes as long.</summary>
    private readonly string _nobodys;

    public Passwords() => _nobodys = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(MinLength)));

    /// <summary>What is wrong with a password that somebody chooses; null when nothing is.</summary>
    public static string? Fault(string password, string login)
    {
        if (password.Length < MinLength) return $"at least {MinLength} characters";
        if (password.Length > MaxLength) return $"at most {MaxLength} characters";
        if (password.Distinct().Count() < MinDifferent) return $"at least {MinDifferent} different characters";
        return password.Contains(login.Split('@')[0], StringComparison.OrdinalIgnoreCase) && login.Split('@')[0].Length >= MinDifferent ? "must not contain the login" : null;
    }

    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <param name="hash">Null where there is none, which takes as long and is false.</param>
    /// <param name="isOld">It is right, and should be hashed anew under today's terms.</param>
    public bool Verify(string? hash, string password, out bool isOld)
    {
        var result = password.Length > MaxLength
            ? PasswordVerificationResult.Failed
            : _hasher.VerifyHashedPassword(null!, hash ?? _nobodys, password);
        isOld = result == PasswordVerificationResult.SuccessRehashNeeded;
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}
