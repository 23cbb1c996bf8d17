using IspBilling.Access.People;
using IspBilling.Access.SignIn;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Access.Tests;

/// <summary>Who may come in, on a database of its own and by a clock of its own.</summary>
public sealed class Door : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Door(TestDatabase database, ServiceProvider services, Heard heard) =>
        (Database, _services, Log) = (database, services, heard);

    public TestDatabase Database { get; }

    public Heard Log { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)Get<TimeProvider>();

    public PeopleDesk People => Get<PeopleDesk>();

    public SignInDesk SignIns => Get<SignInDesk>();

    public static async Task<Door> Open(PostgresFixture postgres)
    {
        var (database, heard) = (await postgres.NewDatabase(MigrationSet.OfProgram), new Heard());
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection().AddSingleton(database.Source).AddSingleton<TimeProvider>(clock).AddSingleton<SettingsJournal>().AddAccess();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(heard));
        return new Door(database, services.BuildServiceProvider(), heard);
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A person who has chosen a password.</summary>
    public async Task<PersonId> Person(string login, string password, params string[] roles)
    {
        var invited = await People.Invite(login, login.Split('@')[0], roles, Asks.WithAll, default);
        Assert.Null(invited.Refusal);
        return (await People.Follow(invited.Link!.Token, password, first: null, default))!.Value;
    }

    public Task<SignInReply> SignIn(string login, string password, string? code = null) =>
        SignIns.SignIn(login, password, code, new SignInPlace("192.0.2.7", "test"), default);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Everything that was logged, of any level.</summary>
public sealed class Heard : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Listener(_lines);

    public void Dispose()
    {
    }

    private sealed class Listener(System.Collections.Concurrent.ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
