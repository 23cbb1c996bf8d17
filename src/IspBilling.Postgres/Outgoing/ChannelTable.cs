using IspBilling.Engine.Outgoing;
using Npgsql;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Which channels are on, as of the statement that asks.</summary>
internal static class ChannelTable
{
    /// <summary>Of each channel the last entry.</summary>
    public const string Newest = "SELECT DISTINCT ON (channel) channel, is_on, at, by_kind, by_id, by_name, is_paused, reason FROM channels ORDER BY channel, entry DESC";

    public static async Task<ChannelSet> Read(NpgsqlConnection connection)
    {
        await using var select = new NpgsqlCommand($"SELECT coalesce(bit_or(1 << channel), 0) FROM ({Newest}) newest WHERE is_on", connection);
        return new ChannelSet((int)(await select.ExecuteScalarAsync())!);
    }

    /// <summary>Deliveries were written for these channels, in this transaction.</summary>
    /// <exception cref="ChannelSwitchedException">Others are on.</exception>
    public static async Task Require(NpgsqlConnection connection, ChannelSet written)
    {
        if (await Read(connection) is var on && on != written) throw new ChannelSwitchedException();
    }
}

/// <summary>Somebody switched a channel while a flight was being prepared: what it carries is written anew.</summary>
internal sealed class ChannelSwitchedException() : Exception("a channel was switched since the deliveries were written");
