using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace IspBilling.Postgres.Migrations;

/// <summary>The steps that a program knows, numbered from 1 without a gap.</summary>
public sealed class MigrationSet
{
    private const string ResourceFolder = "migrations/";

    private MigrationSet(ImmutableArray<Migration> migrations) => Migrations = migrations;

    /// <summary>The schema of this program.</summary>
    public static MigrationSet OfProgram { get; } = FromResources(typeof(MigrationSet).Assembly);

    public ImmutableArray<Migration> Migrations { get; }

    /// <summary>Names the whole set; equal sets have equal fingerprints.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Migrations.Select(m => m.FileName + m.Checksum)))));

    /// <summary>All embedded resources whose logical name is <c>migrations/{file name}</c>.</summary>
    /// <exception cref="MigrationException">A name is malformed, or a number is missing or taken twice.</exception>
    public static MigrationSet FromResources(Assembly assembly) => From(
        assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal))
            .Select(name => Migration.FromFile(name[ResourceFolder.Length..], Read(assembly, name))));

    /// <exception cref="MigrationException">A number is missing or taken twice.</exception>
    public static MigrationSet From(IEnumerable<Migration> migrations)
    {
        var ordered = migrations.OrderBy(m => m.Number).ThenBy(m => m.Name, StringComparer.Ordinal).ToImmutableArray();
        for (var i = 0; i < ordered.Length; i++)
        {
            var migration = ordered[i];
            if (i > 0 && ordered[i - 1].Number == migration.Number)
                throw new MigrationException($"{ordered[i - 1].FileName} and {migration.FileName} have the same number.");
            if (migration.Number != i + 1)
                throw new MigrationException($"{migration.FileName}: a migration with number {i + 1} was expected before it.");
        }

        return new MigrationSet(ordered);
    }

    /// <summary>Whether a database has had as many steps as this program knows.</summary>
    public async Task<bool> IsApplied(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var count = database.CreateCommand("SELECT count(*) FROM schema_migrations");
        return await count.ExecuteScalarAsync(cancellation) is long applied && applied == Migrations.Length;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
