using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace IspBilling.Postgres.Migrations;

/// <summary>One numbered step of the schema, from a file such as <c>0001_accounts.sql</c>. A published step never changes.</summary>
public sealed partial record Migration(int Number, string Name, string Sql)
{
    public string FileName => $"{Number.ToString("0000", CultureInfo.InvariantCulture)}_{Name}.sql";

    /// <summary>SHA-256 of the text in lower-case hexadecimal; line ends do not count, because a checkout may turn them.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.Replace("\r\n", "\n", StringComparison.Ordinal))));

    /// <exception cref="MigrationException">The file is not named by a number of four digits and lower-case words.</exception>
    public static Migration FromFile(string fileName, string sql)
    {
        var parts = NamePattern().Match(fileName);
        return parts.Success
            ? new Migration(int.Parse(parts.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), parts.Groups["name"].Value, sql)
            : throw new MigrationException($"{fileName}: the name of a migration is four digits and words, as in 0001_accounts.sql.");
    }

    [GeneratedRegex("^(?<number>[0-9]{4})_(?<name>[a-z0-9_]+)\\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
