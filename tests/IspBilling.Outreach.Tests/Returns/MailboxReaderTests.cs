using System.Net;
using System.Net.Sockets;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Sending;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Outreach.Tests.Returns;

/// <summary>Mailboxes that are down, half-open or lie: the look ends with a problem, and others look on.</summary>
public sealed class MailboxReaderTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly Shelf _shelf = new();

    [Fact]
    public async Task One_that_is_down_is_a_problem_and_said()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var pass = await Reader(port).Look(IssuerId.Default, CancellationToken.None);

        Assert.NotNull(pass!.Problem);
        Assert.Equal(pass.Problem, _shelf.Problems[1]);
    }

    [Fact]
    public async Task Only_this_machine_is_reached_unless_the_program_is_live()
    {
        var pass = await Reader(143, "192.0.2.1").Look(IssuerId.Default, CancellationToken.None);

        Assert.Contains("--live", pass!.Problem, StringComparison.Ordinal);
    }

    /// <summary>Nothing is ever said, or half a greeting: the look ends when its time is over.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("* OK [CAPABI")]
    public async Task One_that_is_half_open_ends_the_look_when_its_time_is_over(string said)
    {
        await using var server = new TalkingServer(said);
        var look = Reader(server.Port).Look(IssuerId.Default, CancellationToken.None);
        await server.Connected;

        while (!look.IsCompleted)
        {
            _clock.Advance(MailboxReader.PassTime);
            await Task.WhenAny(look, Task.Delay(50));
        }

        Assert.Contains("not done after 120 seconds", (await look)!.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("* BYE go away\r\n")]
    [InlineData("220 mx.test ESMTP\r\n")]
    public async Task One_that_speaks_something_else_is_a_problem(string said)
    {
        await using var server = new TalkingServer(said, closes: true);

        Assert.NotNull((await Reader(server.Port).Look(IssuerId.Default, CancellationToken.None))!.Problem);
    }

    /// <summary>A server that never ends its answer does not fill the memory.</summary>
    [Fact]
    public async Task Only_so_much_is_read_of_a_connection()
    {
        await using var stream = new BoundedStream(new MemoryStream(new byte[1_000]), max: 500);
        var buffer = new byte[400];
        Assert.Equal(400, await stream.ReadAsync(buffer));

        await Assert.ThrowsAsync<IOException>(async () => Assert.Fail($"{await stream.ReadAsync(buffer)} bytes were read"));
    }

    [Fact]
    public async Task Where_none_is_set_or_another_reader_has_it_nobody_looks()
    {
        Assert.Null(await Reader(port: 0).Look(IssuerId.Default, CancellationToken.None));
        _shelf.IsTaken = true;
        Assert.Null(await Reader(143).Look(IssuerId.Default, CancellationToken.None));
        Assert.Empty(_shelf.Problems);
    }

    /// <summary>One issuer's server says nothing for ever; the other's is looked into again and again.</summary>
    [Fact]
    public async Task One_that_hangs_keeps_no_other_waiting()
    {
        await using var hanging = new TalkingServer("");
        await using var other = new TalkingServer("* BYE go away\r\n", closes: true);
        using var stop = new CancellationTokenSource();
        var settings = new TwoIssuers(hanging.Port, other.Port);
        var reader = new MailboxReader(settings, new ReturnIntake(_shelf, settings, _clock, TimeZoneInfo.Utc), _shelf, ConnectPolicy.LoopbackOnly, _clock);
        var rounds = new MailboxRounds(reader, () => [new IssuerId(1), new IssuerId(2)], _clock, (_, _) => { }).Run(stop.Token);

        await hanging.Connected;
        while (_shelf.Looks(2) < 3)
        {
            // Less than a look's time in all.
            Assert.Equal(0, _shelf.Looks(1));
            _clock.Advance(TimeSpan.FromSeconds(31));
            for (var i = 0; i < 200 && _shelf.Looks(2) < 3; i++) await Task.Delay(10);
            if (_clock.GetUtcNow() - new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero) > MailboxReader.PassTime) break;
        }

        Assert.True(_shelf.Looks(2) >= 2, $"{_shelf.Looks(2)} looks");
        await stop.CancelAsync();
        await rounds;
    }

    private MailboxReader Reader(int port, string host = "127.0.0.1")
    {
        var settings = new MadeUpSettings();
        settings.Secrets["mail/mailbox"] = "x";
        if (port != 0) settings.Mail = settings.Mail! with { Returns = new MailboxTarget(host, port, MailSecurity.None, "bounce", "mail/mailbox") };
        return new MailboxReader(settings, new ReturnIntake(_shelf, settings, _clock, TimeZoneInfo.Utc), _shelf, ConnectPolicy.LoopbackOnly, _clock);
    }

    private sealed class TwoIssuers(int one, int two) : IMailSettings
    {
        public ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation) => ValueTask.FromResult<MailTarget?>(
            new MailTarget("127.0.0.1", 25, MailSecurity.None, null, null, "a@provider.test", null, ReturnBench.Domain)
            {
                Returns = new MailboxTarget("127.0.0.1", issuer.Value == 1 ? one : two, MailSecurity.None, "bounce", "mail/mailbox"),
            });

        public ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult<string?>("x");
    }

    /// <summary>Says one thing to whoever connects, and then nothing.</summary>
    private sealed class TalkingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<TcpClient> _clients = [];

        public TalkingServer(string said, bool closes = false)
        {
            _listener.Start();
            _ = Serve(said, closes);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task Connected => _connected.Task;

        public ValueTask DisposeAsync()
        {
            _listener.Stop();
            foreach (var client in _clients) client.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task Serve(string said, bool closes)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _clients.Add(client);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said));
                    if (closes) client.Client.Shutdown(SocketShutdown.Send);
                    _connected.TrySetResult();
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }

    private sealed class Shelf : IMailReturns, IMailboxLeases
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<int, int> _looks = [];

        public bool IsTaken { get; set; }

        public Dictionary<int, string?> Problems { get; } = [];

        public int Looks(int issuer)
        {
            lock (_gate) return _looks.GetValueOrDefault(issuer);
        }

        public ValueTask<bool> Take(IssuerId issuer, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation) => ValueTask.FromResult(!IsTaken);

        public ValueTask Looked(IssuerId issuer, string owner, DateTimeOffset at, string? problem, CancellationToken cancellation)
        {
            lock (_gate)
            {
                _looks[issuer.Value] = _looks.GetValueOrDefault(issuer.Value) + 1;
                Problems[issuer.Value] = problem;
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<MailboxLook?> Last(IssuerId issuer, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<KeptReturn> Keep(MailReturn returned, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<UntoldReturn>> Untold(UntoldReturn? after, int max, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask Told(UntoldReturn returned, DateTimeOffset at, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask Count(DateOnly day, string source, string ending, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ReturnCount>> Counts(int max, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
