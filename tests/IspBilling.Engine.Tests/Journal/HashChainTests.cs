using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>The hash of an event, against values that another program computed from its description.</summary>
public sealed class HashChainTests
{
    private const string First = "339958C60062DA6DA3D567ACDB14EE6127F5F5EAC5BACA69EA20FE0E16C2B4FA";
    private const string Second = "4EC49CA2AA6B222E2CED1217674634D0D93AB36E39CDBD1AA2AC642AEC5F7CC6";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 27, 8, 15, 0, TimeSpan.Zero).AddMicroseconds(123_456);
    private static readonly Actor Clerk = new(ActorKind.Person, "3", "Jiří Novák");
    private static readonly CommandId Command = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    [Fact]
    public void The_first_event_of_a_commit_that_a_person_asked_for_has_the_hash_that_its_description_gives() =>
        Assert.Equal(First, OfFirst(new EventOrigin(Clerk, Command, At)));

    [Fact]
    public void An_event_behind_it_that_a_run_asked_for_has_the_hash_that_its_description_gives()
    {
        var run = new EventOrigin(new Actor(ActorKind.Run, "f00d", "billing run"), null, At);

        Assert.Equal(Second, Hash(Convert.FromHexString(First), 2, run, [], "history-settled.v1", """{"before":"2024-11-01","keepsTax":true}"""));
    }

    [Fact]
    public void Whatever_says_where_an_event_came_from_changes_its_hash()
    {
        EventOrigin[] forged =
        [
            new(Clerk with { Kind = ActorKind.Client }, Command, At),
            new(Clerk with { Id = "4" }, Command, At),
            new(Clerk, new CommandId(Guid.Empty), At),
            new(Clerk, Command, At.AddMicroseconds(1)),
        ];

        Assert.Equal(forged.Length + 1, forged.Select(OfFirst).Append(First).Distinct().Count());
    }

    [Fact]
    public void A_time_is_hashed_as_the_journal_keeps_it_to_the_microsecond() =>
        Assert.Equal(First, OfFirst(new EventOrigin(Clerk, Command, At.AddTicks(9))));

    private static string OfFirst(EventOrigin origin) =>
        Hash([], 1, origin, Commitment(origin.By.Name), "account-closed.v1", """{"on":"2026-11-27"}""");

    private static byte[] Commitment(string name) => SHA256.HashData([.. Enumerable.Range(0, 16).Select(i => (byte)i), .. Encoding.UTF8.GetBytes(name)]);

    private static string Hash(byte[] before, long version, EventOrigin origin, byte[] nameCommitment, string name, string payload)
    {
        var hash = new byte[HashChain.Length];
        HashChain.Next(before, new AccountId(7), version, origin, nameCommitment, name, Encoding.UTF8.GetBytes(payload), hash);
        return Convert.ToHexString(hash);
    }
}
