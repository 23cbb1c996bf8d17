using IspBilling.Access.Rights;
using IspBilling.Access.SignIn;
using IspBilling.Postgres.Access;
using IspBilling.TestKit;
using OtpNet;

namespace IspBilling.Access.Tests;

public sealed class SignInTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Login = "eva@example.com";
    private const string Password = "correct horse battery";
    private Door door = null!;
    private PersonId eva;

    private SecondFactor Factor => door.Get<SecondFactor>();

    public async Task InitializeAsync()
    {
        door = await Door.Open(postgres);
        eva = await door.Person(Login, Password, "clerk");
    }

    public async Task DisposeAsync() => await door.DisposeAsync();

    [Fact]
    public async Task The_right_password_opens_a_session_that_the_database_knows_by_its_hash_only()
    {
        var session = (await door.SignIn(Login, Password)).Session!;

        var holder = (await door.SignIns.Find(session, default))!;
        Assert.Equal((eva, "eva"), (holder.Person, holder.Name));
        Assert.Equal(["clerk"], holder.Roles);
        Assert.DoesNotContain(session[4..], await door.Database.Scalar<string>("SELECT sessions::text || encode(hash, 'escape') FROM sessions"), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, await door.Database.Scalar<string>("SELECT people::text FROM people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cannot_come_in_gets_one_answer_whatever_the_reason()
    {
        await door.People.Invite("invited@example.com", "Invited", [], Asks.WithAll, default);
        var disabled = await door.Person("disabled@example.com", Password);
        await door.People.Disable(disabled, Asks.WithAll, default);

        foreach (var (login, password) in new[] { (Login, "wrong horse battery"), ("nobody@example.com", Password), ("invited@example.com", ""), ("disabled@example.com", Password), ("", ""), (Login, new string('x', 100_000)) })
            Assert.Equal(new SignInReply(SignInOutcome.Refused), await door.SignIn(login, password));
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_is_refused_for_a_minute_and_longer_each_time()
    {
        for (var i = 0; i < 5; i++) await door.SignIn(Login, "wrong horse battery");
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password)).Outcome);
        door.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password)).Outcome);
        door.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, "wrong horse battery")).Outcome);
        door.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password)).Outcome);
        door.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
        // Success begins the count anew.
        for (var i = 0; i < 4; i++) await door.SignIn(Login, "wrong horse battery");
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
    }

    [Fact]
    public async Task A_lock_never_lasts_longer_than_a_quarter_of_an_hour()
    {
        for (var i = 0; i < 40; i++)
        {
            await door.SignIn(Login, "wrong horse battery");
            door.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
    }

    [Fact]
    public async Task Guesses_that_come_together_are_as_few_as_guesses_one_after_another()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => door.SignIn(Login, $"wrong horse battery {i}")));

        Assert.Equal(5, await door.Database.Scalar<int>($"SELECT failures FROM people WHERE id = {eva.Value}"));
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password)).Outcome);
    }

    [Fact]
    public async Task Nothing_that_was_typed_is_logged()
    {
        await door.SignIn(Login, "wrong horse battery");
        await door.SignIn("typed-into-the-wrong-field", "x");
        var session = (await door.SignIn(Login, Password)).Session!;
        var recovery = (await Enrol()).Recovery;
        await door.SignIn(Login, Password, recovery[0]);

        foreach (var secret in (string[])["wrong horse", "typed-into", Password, session[4..], recovery[0], Login]) Assert.DoesNotContain(secret, door.Log.Text, StringComparison.Ordinal);
        Assert.Contains("refused", door.Log.Text, StringComparison.Ordinal);
        Assert.Contains($"Person {eva.Value} signed in", door.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_factor_is_asked_for_and_a_code_is_good_once()
    {
        var (secret, _) = await Enrol();
        door.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(SignInOutcome.CodeNeeded, (await door.SignIn(Login, Password)).Outcome);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, "wrong horse battery", Code(secret))).Outcome);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, Code(secret))).Outcome);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, Code(secret))).Outcome);
        door.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, Code(secret))).Outcome);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, Code(secret, steps: -1))).Outcome);
    }

    [Fact]
    public async Task Of_many_who_show_one_code_at_once_one_comes_in()
    {
        var (secret, _) = await Enrol();
        door.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = Code(secret);

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => door.SignIn(Login, Password, code)));

        Assert.Single(replies, reply => reply.Outcome == SignInOutcome.SignedIn);
    }

    [Fact]
    public async Task A_code_of_the_step_before_or_after_is_taken_and_of_none_further()
    {
        var (secret, _) = await Enrol();
        door.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, Code(secret, steps: -2))).Outcome);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, Code(secret, steps: 2))).Outcome);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, Code(secret, steps: -1))).Outcome);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, Code(secret, steps: 1))).Outcome);
    }

    [Fact]
    public async Task Codes_cannot_be_guessed_by_who_knows_the_password()
    {
        var (secret, _) = await Enrol();
        door.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 5; i++)
        {
            await door.SignIn(Login, Password, "000000");
            await door.SignIn(Login, Password);
        }

        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, Code(secret))).Outcome);
    }

    [Fact]
    public async Task A_recovery_code_is_good_once_however_it_is_typed()
    {
        var (_, recovery) = await Enrol();
        Assert.Equal(10, recovery.Distinct().Count());

        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, recovery[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))).Outcome);
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password, recovery[3])).Outcome);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password, recovery[4])).Outcome);
        Assert.Equal(8, await door.Get<SignInStore>().RecoveryCodesLeft(eva, default));
        Assert.DoesNotContain(recovery[5], await door.Database.Scalar<string>("SELECT string_agg(encode(hash, 'escape'), ' ') FROM recovery_codes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_factor_is_asked_for_only_when_it_was_confirmed_and_not_replaced_while_it_is()
    {
        var begun = (await Factor.Begin(eva, Login, default))!;
        Assert.Equal($"otpauth://totp/IspBilling:eva%40example.com?secret={begun.Secret}&issuer=IspBilling", begun.Uri);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
        Assert.Null(await Factor.Confirm(eva, "Eva", "000000", default));

        Assert.NotNull(await Factor.Confirm(eva, "Eva", Code(begun.Secret), default));
        Assert.Null(await Factor.Begin(eva, Login, default));
        Assert.Null(await Factor.Confirm(eva, "Eva", Code(begun.Secret), default));
    }

    [Fact]
    public async Task The_secret_of_the_factor_is_not_readable_in_the_database()
    {
        var begun = (await Factor.Begin(eva, Login, default))!;

        var stored = await door.Database.Scalar<byte[]>("SELECT factor FROM people WHERE factor IS NOT NULL");
        Assert.DoesNotContain(Convert.ToHexString(Base32Encoding.ToBytes(begun.Secret)), Convert.ToHexString(stored!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_s_own_factor_goes_by_the_password_and_a_manager_takes_a_lost_one_away()
    {
        await Enrol();
        var person = (await door.Get<PeopleStore>().Find(eva, default))!;
        Assert.False(await door.SignIns.RemoveFactor(person, "wrong horse battery", default));
        Assert.True(await door.SignIns.RemoveFactor(person, Password, default));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);

        await Enrol();
        Assert.Equal(SignInOutcome.CodeNeeded, (await door.SignIn(Login, Password)).Outcome);
        await door.People.RemoveFactor(eva, Asks.WithAll, default);
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
        Assert.Equal(0, await door.Database.Scalar<long>("SELECT count(*) FROM recovery_codes"));
    }

    [Fact]
    public async Task A_session_ends_when_it_is_idle_too_long_and_in_any_case_after_twelve_hours()
    {
        var (idle, busy) = ((await door.SignIn(Login, Password)).Session!, (await door.SignIn(Login, Password)).Session!);
        for (var hour = 1; hour < 12; hour++)
        {
            door.Clock.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await door.SignIns.Find(busy, default));
            if (hour == 4) Assert.Null(await door.SignIns.Find(idle, default));
        }

        door.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await door.SignIns.Find(busy, default));
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_a_followed_link_all()
    {
        var (mine, other) = ((await door.SignIn(Login, Password)).Session!, (await door.SignIn(Login, Password)).Session!);
        var holder = (await door.SignIns.Find(mine, default))!;
        var person = (await door.Get<PeopleStore>().Find(eva, default))!;
        Assert.False(await door.SignIns.ChangePassword(person, holder.Session, "wrong horse battery", "another horse battery", default));
        Assert.NotNull(await door.SignIns.Find(other, default));

        Assert.True(await door.SignIns.ChangePassword(person, holder.Session, Password, "another horse battery", default));
        Assert.NotNull(await door.SignIns.Find(mine, default));
        Assert.Null(await door.SignIns.Find(other, default));
        Assert.Equal(SignInOutcome.Refused, (await door.SignIn(Login, Password)).Outcome);

        var link = (await door.People.NewLink(eva, Asks.WithAll, default)).Link!;
        await door.People.Follow(link.Token, Password, first: null, default);
        Assert.Null(await door.SignIns.Find(mine, default));
        Assert.Equal(SignInOutcome.SignedIn, (await door.SignIn(Login, Password)).Outcome);
    }

    [Fact]
    public async Task A_person_has_so_many_sessions_and_a_further_one_ends_the_oldest()
    {
        var (sessions, first) = (door.Get<SessionStore>(), (await door.SignIn(Login, Password)).Session!);
        for (var i = 0; i < SessionStore.MaxPerPerson; i++)
            await sessions.Add(eva, BitConverter.GetBytes(i), "password", null, null, door.Clock.GetUtcNow(), SessionTerms.Usual, default);

        Assert.Null(await door.SignIns.Find(first, default));
        Assert.Equal(SessionStore.MaxPerPerson, (await sessions.List(eva, default, 100, door.Clock.GetUtcNow(), SessionTerms.Usual, default)).Count);
    }

    [Fact]
    public async Task An_identity_provider_brings_in_who_was_invited_and_nobody_else()
    {
        var place = new SignInPlace(null, null);
        Assert.Null(await door.SignIns.SignInByProvider("https://idp", "s-9", "stranger@example.com", place, default));
        // An address that the provider has not verified could be anybody's.
        Assert.Null(await door.SignIns.SignInByProvider("https://idp", "s-1", null, place, default));
        Assert.NotNull(await door.SignIns.SignInByProvider("https://idp", "s-1", "EVA@example.com", place, default));
        // From now on the subject counts: an address may be given to someone else.
        Assert.NotNull(await door.SignIns.SignInByProvider("https://idp", "s-1", "married@example.com", place, default));
        Assert.Null(await door.SignIns.SignInByProvider("https://idp", "s-2", Login, place, default));
        await door.People.Disable(eva, Asks.WithAll, default);
        Assert.Null(await door.SignIns.SignInByProvider("https://idp", "s-1", Login, place, default));
    }

    private async Task<(string Secret, IReadOnlyList<string> Recovery)> Enrol()
    {
        // Not the step in which the factor before was used.
        door.Clock.Advance(TimeSpan.FromMinutes(2));
        var begun = (await Factor.Begin(eva, Login, default))!;
        return (begun.Secret, (await Factor.Confirm(eva, "Eva", Code(begun.Secret), default))!);
    }

    private string Code(string secret, int steps = 0) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(door.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * steps));
}
