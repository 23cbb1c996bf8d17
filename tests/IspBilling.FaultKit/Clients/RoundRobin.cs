using System.Collections.Immutable;
using System.Net.Sockets;

namespace IspBilling.FaultKit.Clients;

/// <summary>
/// Sends requests to several engines in turn, as a load balancer does: one that refuses the connection is left out, and what may have
/// reached an engine is not sent to another.
/// </summary>
internal sealed class RoundRobin : DelegatingHandler
{
    private readonly ImmutableArray<Uri> _engines;
    private int _turn;

    public RoundRobin(ImmutableArray<Uri> engines, HttpMessageHandler inner)
        : base(inner) => _engines = engines;

    public static bool IsRefusal(HttpRequestException failure) =>
        failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var tried = 1; ; tried++)
        {
            var turn = (uint)Interlocked.Increment(ref _turn);
            request.RequestUri = new Uri(_engines[(int)(turn % (uint)_engines.Length)], path);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException refused) when (tried < _engines.Length && IsRefusal(refused))
            {
                // The next one, then.
            }
        }
    }
}
