using IspBilling.Access.People;
using IspBilling.Postgres.Access;
using Microsoft.Extensions.Logging;

namespace IspBilling.Access.SignIn;

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInOutcome
{
    SignedIn,

    /// <summary>For whatever reason: who asks learns neither whether the person exists nor whether they are locked.</summary>
    Refused,

    /// <summary>The password is right, and a second factor is asked for.</summary>
    CodeNeeded,
}

/// <param name="Session">The session's secret for the cookie; null unless signed in.</param>
public readonly record struct SignInReply(SignInOutcome Outcome, string? Session = null);

/// <summary>From where somebody signs in, for the list of sessions.</summary>
/// <param name="Address">Of the network; null when unknown.</param>
/// <param name="Agent">What the browser calls itself.</param>
public sealed record SignInPlace(string? Address, string? Agent)
{
    private const int MaxLength = 200;

    public static SignInPlace Of(string? address, string? agent) => new(address, agent is { Length: > MaxLength } ? agent[..MaxLength] : agent);
}

/// <summary>Signs people in and out. Nothing that is typed is ever logged, not even a login: people type passwords there.</summary>
public sealed class SignInDesk(
    SignInStore store, SessionStore sessions, PeopleStore people, PeopleDesk desk, Passwords passwords, SecondFactor factor, TimeProvider clock, ILogger<SignInDesk> log)
{
    public const string ByPassword = "password";
    public const string ByProvider = "provider";

    /// <remarks>
    /// A login that nobody has costs the same statement and the same comparison as one that somebody has, and is answered alike.
    /// </remarks>
    /// <param name="code">Of the second factor, or a recovery code; null when none was typed.</param>
    public async Task<SignInReply> SignIn(string login, string password, string? code, SignInPlace place, CancellationToken cancellation)
    {
        var attempt = await store.Begin(PeopleDesk.Normal(login), clock.GetUtcNow(), LockoutTerms.Usual, cancellation);
        var isRight = passwords.Verify(attempt?.Password, password, out var isOld);
        if (attempt is null || !isRight)
        {
            log.LogInformation("A sign-in from {Address} was refused{Whose}.", place.Address, attempt is null ? "" : $" to person {attempt.Person.Value}");
            return new SignInReply(SignInOutcome.Refused);
        }

        if (attempt.Factor is { } asked)
        {
            if (string.IsNullOrWhiteSpace(code))
            {
                await store.Undecided(attempt.Person, cancellation);
                return new SignInReply(SignInOutcome.CodeNeeded);
            }

            if (!await factor.Use(attempt.Person, asked, code.Trim(), cancellation))
            {
                log.LogInformation("A sign-in from {Address} was refused to person {Person}: the code is not good.", place.Address, attempt.Person.Value);
                return new SignInReply(SignInOutcome.Refused);
            }
        }

        await store.Succeeded(attempt.Person, cancellation);
        if (isOld) await store.Rehash(attempt.Person, attempt.Password!, passwords.Hash(password), desk.AuthorshipOf(attempt.Person, attempt.Name), cancellation);
        return new SignInReply(SignInOutcome.SignedIn, await Open(attempt.Person, ByPassword, place, cancellation));
    }

    /// <summary>Signs in whom an identity provider has recognised. Only people who were invited: the provider knows more people than we do.</summary>
    /// <param name="email">Null unless the provider has verified it.</param>
    /// <returns>The session's secret; null when the person is not one of ours.</returns>
    public async Task<string?> SignInByProvider(string provider, string subject, string? email, SignInPlace place, CancellationToken cancellation)
    {
        if (await store.ByProvider(provider, subject, email is null ? null : PeopleDesk.Normal(email), clock.GetUtcNow(), cancellation) is { } person)
            return await Open(person.Id, ByProvider, place, cancellation);
        log.LogInformation("A sign-in by {Provider} from {Address} was refused: nobody here is that person.", provider, place.Address);
        return null;
    }

    /// <summary>Whose session a cookie names; null when it is good no more.</summary>
    public async Task<SessionHolder?> Find(string session, CancellationToken cancellation) =>
        Tokens.HashOf(session, Tokens.SessionPrefix) is { } hash ? await sessions.Find(hash, clock.GetUtcNow(), SessionTerms.Usual, cancellation) : null;

    /// <summary>Changes one's own password; every other session of the person ends.</summary>
    /// <returns>False when the password of now is another.</returns>
    public async Task<bool> ChangePassword(PersonRow person, SessionId session, string current, string chosen, CancellationToken cancellation)
    {
        if (!await IsPassword(person, current, cancellation)) return false;
        var hash = passwords.Hash(chosen);
        await using var turn = await people.Turn(cancellation);
        await turn.SetPassword(person.Id, hash, except: session, clock.GetUtcNow(), cancellation);
        await turn.Commit(desk.AuthorshipOf(person.Id, person.Name), cancellation);
        return true;
    }

    /// <summary>Takes one's own second factor away, which needs the password: whoever has stolen a session does not have it.</summary>
    /// <returns>False when the password is another.</returns>
    public async Task<bool> RemoveFactor(PersonRow person, string current, CancellationToken cancellation)
    {
        if (!await IsPassword(person, current, cancellation)) return false;
        await using var turn = await people.Turn(cancellation);
        await turn.RemoveFactor(person.Id, cancellation);
        await turn.Commit(desk.AuthorshipOf(person.Id, person.Name), cancellation);
        return true;
    }

    /// <remarks>Attempts count like those to sign in: whoever holds a stolen session has as few guesses.</remarks>
    private async Task<bool> IsPassword(PersonRow person, string password, CancellationToken cancellation)
    {
        var attempt = await store.Begin(person.Login ?? "", clock.GetUtcNow(), LockoutTerms.Usual, cancellation);
        if (!passwords.Verify(attempt?.Password, password, out _) || attempt is null) return false;
        await store.Succeeded(person.Id, cancellation);
        return true;
    }

    private async Task<string> Open(PersonId person, string means, SignInPlace place, CancellationToken cancellation)
    {
        var (plain, hash) = Tokens.New(Tokens.SessionPrefix);
        var session = await sessions.Add(person, hash, means, place.Address, place.Agent, clock.GetUtcNow(), SessionTerms.Usual, cancellation);
        log.LogInformation("Person {Person} signed in by {Means} from {Address}: session {Session}.", person.Value, means, place.Address, session.Value);
        return plain;
    }
}
