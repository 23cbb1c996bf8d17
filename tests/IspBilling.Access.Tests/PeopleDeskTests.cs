using IspBilling.Access.People;
using IspBilling.Access.Rights;
using IspBilling.Access.SignIn;
using IspBilling.Postgres.Access;
using IspBilling.TestKit;

namespace IspBilling.Access.Tests;

public sealed class PeopleDeskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private Door door = null!;

    private PeopleDesk Desk => door.People;

    public async Task InitializeAsync() => door = await Door.Open(postgres);

    public async Task DisposeAsync() => await door.DisposeAsync();

    [Fact]
    public async Task The_first_link_makes_an_owner_once_and_then_there_are_no_more()
    {
        var (one, other) = ((await Desk.FirstLink(default))!, (await Desk.FirstLink(default))!);

        var owner = await Desk.Follow(one.Token, Password, ("Eva@Example.com", "Eva"), default);

        Assert.Equal(("eva@example.com", "owner"), await Row(owner!.Value));
        Assert.Null(await Desk.Follow(one.Token, Password, ("eve@example.com", "Eve"), default));
        Assert.Null(await Desk.Follow(other.Token, Password, ("eve@example.com", "Eve"), default));
        Assert.Null(await Desk.FirstLink(default));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn("EVA@example.com", Password)).Outcome);
    }

    [Fact]
    public async Task Of_two_who_follow_first_links_at_once_one_becomes_the_owner()
    {
        var links = new[] { (await Desk.FirstLink(default))!, (await Desk.FirstLink(default))! };

        var people = await Task.WhenAll(links.Select((link, at) => Desk.Follow(link.Token, Password, ($"p{at}@example.com", $"P{at}"), default)));

        Assert.Single(people, person => person is not null);
        Assert.Equal(1, await door.Database.Scalar<long>("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task A_link_is_good_for_a_day_and_the_database_does_not_hold_it()
    {
        var first = (await Desk.FirstLink(default))!;
        Assert.DoesNotContain(first.Token, await door.Database.Scalar<string>("SELECT one_time_links::text || encode(hash, 'escape') FROM one_time_links"), StringComparison.Ordinal);
        door.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Null(await Desk.Follow(first.Token, Password, ("eva@example.com", "Eva"), default));
        Assert.Null(await Desk.Follow("isl_guess", Password, ("eva@example.com", "Eva"), default));
    }

    [Fact]
    public async Task A_new_link_takes_the_place_of_the_one_before()
    {
        var invited = await Desk.Invite("eva@example.com", "Eva", ["clerk"], Asks.WithAll, default);
        var again = await Desk.NewLink(invited.Person, Asks.WithAll, default);

        Assert.Null(await Desk.Follow(invited.Link!.Token, Password, first: null, default));
        Assert.Equal(invited.Person, await Desk.Follow(again.Link!.Token, Password, first: null, default));
    }

    [Fact]
    public async Task Nobody_gives_rights_that_they_lack()
    {
        var manager = Asks.With([Right.ManagePeople, Right.ReadClients, Right.ReadMoney, Right.HandleDebts]);
        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.Invite("a@example.com", "A", ["clerk"], manager, default)).Refusal);
        var helpdesk = await Desk.Invite("a@example.com", "A", ["helpdesk"], manager, default);
        Assert.Null(helpdesk.Refusal);

        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.SetRoles(helpdesk.Person, ["owner"], manager, default)).Refusal);
        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.PutRole("mine", "Mine", RightSet.All, manager, default)).Refusal);
        Assert.Equal(PeopleRefusal.UnknownRole, (await Desk.SetRoles(helpdesk.Person, ["no-such"], manager, default)).Refusal);
        Assert.Equal("{helpdesk}", await door.Database.Scalar<string>("SELECT roles::text FROM people"));
    }

    [Fact]
    public async Task Nobody_takes_the_place_of_a_person_who_may_do_more()
    {
        var owner = await door.Person("owner@example.com", Password, "owner");
        var manager = Asks.With([Right.ManagePeople]);

        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.NewLink(owner, manager, default)).Refusal);
        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.RemoveFactor(owner, manager, default)).Refusal);
        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.Disable(owner, manager, default)).Refusal);
        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.SetRoles(owner, [], manager, default)).Refusal);
    }

    [Fact]
    public async Task A_role_is_not_changed_or_widened_by_who_lacks_what_it_gives()
    {
        Assert.Null((await Desk.PutRole("night", "Night", [Right.ReadMoney], Asks.WithAll, default)).Refusal);

        Assert.Equal(PeopleRefusal.BeyondOwnRights, (await Desk.PutRole("night", "Night", [], Asks.With([Right.ManagePeople]), default)).Refusal);
        Assert.Equal(PeopleRefusal.BuiltInRole, (await Desk.PutRole("owner", "Owner", [], Asks.WithAll, default)).Refusal);
        Assert.Equal(PeopleRefusal.BuiltInRole, (await Desk.RemoveRole("owner", Asks.WithAll, default)).Refusal);
    }

    [Fact]
    public async Task A_role_that_somebody_has_stays()
    {
        await Desk.PutRole("night", "Night", [Right.ReadMoney], Asks.WithAll, default);
        var person = await Desk.Invite("a@example.com", "A", ["night"], Asks.WithAll, default);
        Assert.Equal(PeopleRefusal.RoleInUse, (await Desk.RemoveRole("night", Asks.WithAll, default)).Refusal);

        await Desk.SetRoles(person.Person, [], Asks.WithAll, default);
        Assert.Null((await Desk.RemoveRole("night", Asks.WithAll, default)).Refusal);
        Assert.Equal(PeopleRefusal.UnknownRole, (await Desk.RemoveRole("night", Asks.WithAll, default)).Refusal);
    }

    [Fact]
    public async Task The_last_person_who_may_manage_people_stays_whatever_is_done()
    {
        var owner = await door.Person("owner@example.com", Password, "owner");
        await door.Person("clerk@example.com", Password, "clerk");
        // Invited, but has never chosen a password: nobody to rely on.
        await Desk.Invite("second@example.com", "Second", ["owner"], Asks.WithAll, default);

        Assert.Equal(PeopleRefusal.LastWhoManages, (await Desk.Disable(owner, Asks.WithAll, default)).Refusal);
        Assert.Equal(PeopleRefusal.LastWhoManages, (await Desk.Remove(owner, Asks.WithAll, default)).Refusal);
        Assert.Equal(PeopleRefusal.LastWhoManages, (await Desk.SetRoles(owner, ["clerk"], Asks.WithAll, default)).Refusal);
        Assert.Equal(("owner@example.com", "owner"), await Row(owner));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn("owner@example.com", Password)).Outcome);
    }

    [Fact]
    public async Task The_last_who_manages_by_a_role_of_the_provider_s_own_stays_too()
    {
        await Desk.PutRole("chief", "Chief", [Right.ManagePeople], Asks.WithAll, default);
        await door.Person("chief@example.com", Password, "chief");

        Assert.Equal(PeopleRefusal.LastWhoManages, (await Desk.PutRole("chief", "Chief", [], Asks.WithAll, default)).Refusal);
        Assert.Equal("{managePeople}", await door.Database.Scalar<string>("SELECT rights::text FROM roles"));
    }

    [Fact]
    public async Task Of_two_managers_who_remove_each_other_at_once_one_stays()
    {
        var (one, other) = (await door.Person("one@example.com", Password, "owner"), await door.Person("other@example.com", Password, "owner"));

        var replies = await Task.WhenAll(Desk.Remove(one, Asks.WithAll, default), Desk.Remove(other, Asks.WithAll, default));

        Assert.Equal([null, PeopleRefusal.LastWhoManages], replies.Select(reply => reply.Refusal).Order());
        Assert.Equal(1, await door.Database.Scalar<long>("SELECT count(*) FROM people WHERE removed_at IS NULL"));
    }

    [Fact]
    public async Task Who_is_disabled_or_removed_is_out_at_once_and_a_name_remains()
    {
        await door.Person("owner@example.com", Password, "owner");
        var clerk = await door.Person("clerk@example.com", Password, "clerk");
        var session = (await door.SignIn("clerk@example.com", Password)).Session!;
        Assert.NotNull(await door.SignIns.Find(session, default));

        await Desk.Disable(clerk, Asks.WithAll, default);
        Assert.Null(await door.SignIns.Find(session, default));
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn("clerk@example.com", Password)).Outcome);
        Assert.Equal(PeopleRefusal.NotActive, (await Desk.NewLink(clerk, Asks.WithAll, default)).Refusal);
        await Desk.Enable(clerk, Asks.WithAll, default);
        Assert.Null(await door.SignIns.Find(session, default));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn("clerk@example.com", Password)).Outcome);

        Assert.Null((await Desk.Remove(clerk, Asks.WithAll, default)).Refusal);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn("clerk@example.com", Password)).Outcome);
        Assert.Equal("clerk", (await door.Get<PeopleStore>().Find(clerk, default))!.Name);
        Assert.Null(await door.Database.Scalar<string>($"SELECT coalesce(login, password, subject) FROM people WHERE id = {clerk.Value}"));
        Assert.Null((await Desk.Invite("clerk@example.com", "Another", ["clerk"], Asks.WithAll, default)).Refusal);
    }

    [Fact]
    public async Task A_login_is_one_person_s_whatever_its_case()
    {
        await Desk.Invite("eva@example.com", "Eva", [], Asks.WithAll, default);

        Assert.Equal(PeopleRefusal.LoginTaken, (await Desk.Invite(" EVA@Example.com ", "Other", [], Asks.WithAll, default)).Refusal);
    }

    [Theory]
    [InlineData("short", "eva@example.com", false)]
    [InlineData("aaaaaaaaaaaaaaaa", "eva@example.com", false)]
    [InlineData("novakova-2026-x", "novakova@example.com", false)]
    [InlineData("correct horse battery", "eva@example.com", true)]
    public void A_password_is_long_and_is_not_the_login(string password, string login, bool isGood) => Assert.Equal(isGood, Passwords.Fault(password, login) is null);

    private async Task<(string?, string?)> Row(PersonId person) => (
        await door.Database.Scalar<string>($"SELECT login FROM people WHERE id = {person.Value}"),
        await door.Database.Scalar<string>($"SELECT array_to_string(roles, ',') FROM people WHERE id = {person.Value}"));
}
