using IspBilling.Access.Ring;
using IspBilling.Domain;
using IspBilling.Postgres.Settings;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using System.Security.Cryptography;

namespace IspBilling.Access.Tests;

public sealed class KeyRingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string directory = Directory.CreateDirectory(TestDirectory.New()).FullName;
    private TestDatabase database = null!;
    private KeyRingStore store = null!;

    private string KeyFile => Path.Combine(directory, "secrets.key");

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new KeyRingStore(database.Source);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_one_node_protects_another_opens_and_so_does_the_next_start()
    {
        using var one = Services(await Open());
        using var other = Services(await Open());
        var text = Protector(one).Protect("secret");

        Assert.Equal("secret", Protector(other).Unprotect(text));
        using var later = Services(await Open());
        Assert.Equal("secret", Protector(later).Unprotect(text));
    }

    [Fact]
    public async Task Nodes_that_start_together_make_one_file_and_one_key()
    {
        var rings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Open)));

        Assert.Single(rings, ring => ring.IsNew);
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM key_ring"));
        Assert.Equal([KeyFile], Directory.GetFiles(directory));
        using var first = Services(rings[0]);
        var text = Protector(first).Protect("secret");
        foreach (var ring in rings)
        {
            using var services = Services(ring);
            Assert.Equal("secret", Protector(services).Unprotect(text));
        }
    }

    [Fact]
    public async Task The_database_alone_opens_nothing()
    {
        using var services = Services(await Open());
        var element = await database.Scalar<string>("SELECT element FROM key_ring");

        Assert.Contains("wrappedKey", element, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", element, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("masterKey", element, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexStringLower(await File.ReadAllBytesAsync(KeyFile))[40..], element, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_file_is_its_owner_s_alone_and_is_refused_when_it_is_not()
    {
        await Open();
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Equal($"The key file {KeyFile} may be used by others than its owner: set its mode to 0600.", await Refusal());
    }

    [Fact]
    public async Task A_missing_file_is_not_made_anew_when_there_are_secrets_that_only_it_opens()
    {
        await Open();
        File.Delete(KeyFile);

        Assert.StartsWith($"The key file {KeyFile} is missing, and the database has secrets that only it opens: ", await Refusal(), StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task Another_database_s_file_is_told_from_this_one_s()
    {
        await Open();
        File.Delete(KeyFile);
        WrappingKey.Create(KeyFile);

        Assert.StartsWith($"The key file {KeyFile} is not that of this database, ", await Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("ispbilling-key-1:QUJD")]
    [InlineData("ispbilling-key-1:no base 64")]
    public async Task A_file_that_holds_no_key_is_refused(string content)
    {
        await Open();
        await File.WriteAllTextAsync(KeyFile, content);

        Assert.Equal($"The key file {KeyFile} holds no key: restore it from where it is kept.", await Refusal());
    }

    [Fact]
    public async Task A_file_that_is_there_already_serves_a_new_database()
    {
        WrappingKey.Create(KeyFile);

        Assert.False((await Open()).IsNew);
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM key_ring"));
    }

    [Fact]
    public async Task A_key_that_was_changed_in_the_database_opens_nothing()
    {
        using var before = Services(await Open());
        var text = Protector(before).Protect("secret");
        await database.Execute("UPDATE key_ring SET element = regexp_replace(element, '(by=\"[0-9a-f]+\"[^>]*>.{20})(.)', '\\1' || 'A')");
        await database.Execute("UPDATE key_ring SET element = regexp_replace(element, '(by=\"[0-9a-f]+\"[^>]*>.{21})(.)', '\\1' || 'B')");

        using var after = Services(await Open());
        Assert.ThrowsAny<Exception>(() => Protector(after).Unprotect(text));
    }

    [Fact]
    public async Task A_ring_whose_key_is_about_to_expire_gets_one_successor_of_all_nodes_together()
    {
        var clock = new Later(TimeSpan.Zero);
        var ring = await KeyRing.Open(store, KeyFile, clock, default);
        await ring.Renew(default);
        Assert.Equal(1, await database.Scalar<long>("SELECT count(*) FROM key_ring"));

        clock.By = TimeSpan.FromDays(77);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ring.Renew(default))));
        Assert.Equal(2, await database.Scalar<long>("SELECT count(*) FROM key_ring"));
        await ring.Renew(default);
        Assert.Equal(2, await database.Scalar<long>("SELECT count(*) FROM key_ring"));
    }

    [Fact]
    public async Task A_secret_is_kept_encrypted_under_its_name()
    {
        using var services = Services(await Open());
        var secrets = new SecretStore(new SecretRows(database.Source), services.GetRequiredService<IDataProtectionProvider>());
        var by = new Authorship(new Actor(ActorKind.Person, "7", "Eva"), new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero));
        await secrets.Put("fio/1", "token of the bank", by, default);
        await secrets.Put("smtp", "password of the server", by, default);

        Assert.Equal("token of the bank", await secrets.Find("fio/1", default));
        Assert.Null(await secrets.Find("radius", default));
        Assert.Equal([("fio/1", "Person 7: Eva"), ("smtp", "Person 7: Eva")], (await secrets.List("", 10, default)).Select(secret => (secret.Name, secret.ChangedBy)));
        Assert.DoesNotContain("token", await database.Scalar<string>("SELECT string_agg(sealed, ' ') FROM secrets"), StringComparison.Ordinal);

        // One put in another's place does not open there.
        await database.Execute("UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'fio/1') WHERE name = 'smtp'");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => secrets.Find("smtp", default));
        await secrets.Put("smtp", "another", by with { At = by.At.AddDays(1) }, default);
        Assert.Equal("another", await secrets.Find("smtp", default));
        Assert.True(await secrets.Remove("smtp", by, default));
        Assert.False(await secrets.Remove("smtp", by, default));
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("Upper", "x")]
    [InlineData("a b", "x")]
    [InlineData("good", "")]
    public async Task A_secret_has_a_name_and_a_length(string name, string secret)
    {
        using var services = Services(await Open());
        var secrets = new SecretStore(new SecretRows(database.Source), services.GetRequiredService<IDataProtectionProvider>());

        await Assert.ThrowsAsync<ArgumentException>(() => secrets.Put(name, secret, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default));
    }

    private Task<KeyRing> Open() => KeyRing.Open(store, KeyFile, TimeProvider.System, default);

    private async Task<string> Refusal() => (await Assert.ThrowsAsync<KeyFileException>(Open)).Message;

    private static ServiceProvider Services(KeyRing ring) => ring.AddTo(new ServiceCollection()).BuildServiceProvider();

    private static IDataProtector Protector(IServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    /// <summary>So much later than the machine's clock, by which the framework looks for the key of now.</summary>
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public TimeSpan By { get; set; } = by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
