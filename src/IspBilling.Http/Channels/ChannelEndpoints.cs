using System.Text.Json;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.OpenApi;
using IspBilling.Http.Problems;
using IspBilling.Http.Security;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace IspBilling.Http.Channels;

/// <param name="State">Whether it delivers.</param>
/// <param name="Since">When it was last switched; null when it never was.</param>
/// <param name="By">Who switched it.</param>
/// <param name="Reason">Why.</param>
public sealed record ChannelView(MessageChannel Channel, ChannelState State, DateTimeOffset? Since, string? By, string? Reason);

/// <summary>What is to become of a channel, and why.</summary>
/// <example>{"state":"on","reason":"the templates are read and approved"}</example>
/// <param name="State"><c>paused</c> writes what is to go and sends nothing until it is <c>on</c> again; what was decided while it was <c>off</c> is never sent.</param>
public sealed record ChannelRequest(ChannelState State, string Reason);

/// <summary>Why what waits is not to be sent.</summary>
/// <example>{"reason":"the invoices have the wrong logo"}</example>
/// <param name="From">Only what was decided from then on; left out: all that waits.</param>
public sealed record StopRequest(string Reason, DateTimeOffset? From = null);

/// <param name="Stopped">How many messages are not sent any more.</param>
public sealed record StopAnswer(int Stopped);

/// <summary>Messages of one channel, by where they stand.</summary>
/// <param name="Waiting">Sent as soon as the channel is on, each only if it still holds then; if the channel is off now they are left behind.</param>
/// <param name="BeforeDelivery">Decided while the channel was off; never sent.</param>
/// <param name="Sending">In hand just now.</param>
/// <param name="Dead">Tried as often as they may be; a person decides.</param>
/// <param name="Superseded">What they said did not hold any more, or they were stopped.</param>
/// <param name="Unknown">Sent, and nobody knows whether they arrived.</param>
public sealed record ChannelProgress(
    MessageChannel Channel, ChannelState State, long Waiting, long Sending, long Delivered, long Failed, long Dead, long Superseded, long Unknown, long BeforeDelivery);

/// <summary>Which channels deliver, and how far they are.</summary>
internal static class ChannelEndpoints
{
    public static void MapChannels(this RouteGroupBuilder v1)
    {
        var channels = v1.MapGroup("/channels").WithTags("Channels");
        channels.MapGet("", List).RequireRight(Right.ReadSettings).Named("listChannels", "Which channels deliver, since when, and who switched them")
            .Answers<IReadOnlyList<ChannelView>>(200).MayFail();
        channels.MapPut("/{channel}", Turn).RequireRight(Right.WriteSettings).Named("turnChannel", "Switches a channel on or off, or pauses it").Answers<ChannelView>(200).MayFail(400, 404);
        channels.MapPost("/{channel}/effect", Effect).RequireRight(Right.ReadSettings)
            .Named("effectOfChannel", "What would go if the channel were on, and what never will").Answers<ChannelProgress>(200).MayFail(400, 404);
        channels.MapGet("/{channel}/progress", Progress).RequireRight(Right.ReadSettings)
            .Named("progressOfChannel", "How far a channel is with what was decided from a time on").Answers<ChannelProgress>(200).MayFail(400, 404);
        channels.MapPost("/{channel}/stop", Stop).RequireRight(Right.WriteSettings)
            .Named("stopChannel", "Takes back what waits: it is not sent, and says why").Answers<StopAnswer>(200).MayFail(400, 404);
    }

    private static async Task<Ok<IReadOnlyList<ChannelView>>> List(IOutbox outbox, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<ChannelView>>([.. (await outbox.Channels(cancellation)).Select(View)]);

    /// <param name="channel">Such as <c>email</c>.</param>
    private static async Task<IResult> Turn(string channel, ChannelRequest request, HttpContext http, IOutbox outbox, SettingsDesk settings, TimeProvider clock, CancellationToken cancellation)
    {
        if (Read(channel) is not { } which) return NoChannel(channel);
        var faults = new Faults();
        var reason = faults.Text("reason", request.Reason, OutboxLimits.MaxText);
        if (faults.Any) return faults.Problem();

        // Accounts decide by what delivers: who was told by nothing is told now, and nodes have to know it.
        await settings.Change(
            async store =>
            {
                await outbox.Turn(new ChannelChange(which, request.State, Caller.Of(http.User).By, clock.GetUtcNow(), reason), cancellation);
                await store.ReviewDebts(cancellation);
            },
            cancellation);
        return TypedResults.Ok(View(await Find(which, outbox, cancellation)));
    }

    /// <param name="channel">Such as <c>email</c>.</param>
    private static async Task<IResult> Effect(string channel, IOutbox outbox, CancellationToken cancellation) =>
        Read(channel) is { } which ? await Counted(which, from: null, outbox, cancellation) : NoChannel(channel);

    /// <param name="channel">Such as <c>email</c>.</param>
    /// <param name="from">Such as the beginning of a billing run; left out: from the first day on.</param>
    private static async Task<IResult> Progress(string channel, DateTimeOffset? from, IOutbox outbox, CancellationToken cancellation) =>
        Read(channel) is { } which ? await Counted(which, from, outbox, cancellation) : NoChannel(channel);

    /// <param name="channel">Such as <c>email</c>.</param>
    private static async Task<IResult> Stop(string channel, StopRequest request, HttpContext http, IOutbox outbox, TimeProvider clock, CancellationToken cancellation)
    {
        if (Read(channel) is not { } which) return NoChannel(channel);
        var faults = new Faults();
        var reason = faults.Text("reason", request.Reason, OutboxLimits.MaxText);
        if (faults.Any) return faults.Problem();
        return TypedResults.Ok(new StopAnswer(await outbox.Stop(which, request.From, Caller.Of(http.User).By, clock.GetUtcNow(), reason, cancellation)));
    }

    private static async Task<IResult> Counted(MessageChannel channel, DateTimeOffset? from, IOutbox outbox, CancellationToken cancellation)
    {
        var (found, counts) = (await Find(channel, outbox, cancellation), await outbox.Count(channel, from, cancellation));
        return TypedResults.Ok(new ChannelProgress(
            channel, StateOf(found), counts.Of(DeliveryStatus.Waiting), counts.Of(DeliveryStatus.Claimed) + counts.Of(DeliveryStatus.Sending),
            counts.Of(DeliveryStatus.Delivered), counts.Of(DeliveryStatus.Failed), counts.Of(DeliveryStatus.Dead), counts.Of(DeliveryStatus.Superseded),
            counts.Of(DeliveryStatus.Unknown), counts.Of(DeliveryStatus.BeforeDelivery)));
    }

    private static async Task<ChannelSwitch> Find(MessageChannel channel, IOutbox outbox, CancellationToken cancellation) =>
        (await outbox.Channels(cancellation)).Single(one => one.Channel == channel);

    private static ChannelView View(ChannelSwitch channel) => new(channel.Channel, StateOf(channel), channel.At, channel.By?.Name, channel.Reason);

    private static ChannelState StateOf(ChannelSwitch channel) => channel switch
    {
        { IsOn: false } => ChannelState.Off,
        { IsPaused: true } => ChannelState.Paused,
        _ => ChannelState.On,
    };

    private static MessageChannel? Read(string word)
    {
        foreach (var channel in Enum.GetValues<MessageChannel>())
        {
            if (Word(channel) == word) return channel;
        }

        return null;
    }

    private static string Word(MessageChannel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());

    private static IResult NoChannel(string word) => Problem.Unknown($"There is no channel {word}; there are {string.Join(", ", Enum.GetValues<MessageChannel>().Select(Word))}.");
}
