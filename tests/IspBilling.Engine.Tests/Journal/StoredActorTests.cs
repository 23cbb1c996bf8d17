using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Tests.Journal;

public sealed class StoredActorTests
{
    [Theory]
    [InlineData("CRM (key 7)", ActorKind.ApiKey, "7", "CRM")]
    [InlineData("CRM (key 2) (key 12)", ActorKind.ApiKey, "12", "CRM (key 2)")]
    [InlineData("review", ActorKind.Reminder, "review", "review")]
    [InlineData("reminders", ActorKind.Reminder, "reminders", "reminders")]
    [InlineData("suspense review", ActorKind.System, "suspense review", "suspense review")]
    [InlineData("watched folder", ActorKind.System, "watched folder", "watched folder")]
    [InlineData("CRM (key x)", ActorKind.System, "CRM (key x)", "CRM (key x)")]
    [InlineData(" (key )", ActorKind.System, " (key )", " (key )")]
    [InlineData("", ActorKind.System, "", "")]
    public void What_an_earlier_release_stored_as_one_text_is_told_as_an_actor(string stored, ActorKind kind, string id, string name) =>
        Assert.Equal(new Actor(kind, id, name), StoredActor.Of(null, null, stored));

    [Theory]
    [InlineData(ActorKind.Person)]
    [InlineData(ActorKind.ApiKey)]
    [InlineData(ActorKind.Reminder)]
    [InlineData(ActorKind.Run)]
    [InlineData(ActorKind.Import)]
    [InlineData(ActorKind.Client)]
    [InlineData(ActorKind.System)]
    public void An_actor_is_read_as_it_was_stored(ActorKind kind) =>
        Assert.Equal(new Actor(kind, "7", "CRM (key 8)"), StoredActor.Of(kind.ToString(), "7", "CRM (key 8)"));

    [Theory]
    [InlineData("Robot")]
    [InlineData("person")]
    [InlineData("0")]
    public void A_kind_that_this_program_does_not_know_is_named(string kind) =>
        Assert.Contains($"'{kind}'", Assert.Throws<FormatException>(() => StoredActor.Of(kind, "1", "x")).Message, StringComparison.Ordinal);
}
