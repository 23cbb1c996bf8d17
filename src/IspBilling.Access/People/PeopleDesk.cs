using System.Globalization;
using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Postgres.Access;
using IspBilling.Postgres.Settings;

namespace IspBilling.Access.People;

/// <summary>A link that is shown now and never again.</summary>
/// <param name="Token">What stands in the link.</param>
public sealed record ShownLink(string Token, DateTimeOffset Until);

/// <summary>How a change to people ended: done, or refused.</summary>
/// <param name="Refusal">Null when it is done.</param>
/// <param name="Link">By which the person chooses a password, when one was made.</param>
public sealed record PeopleReply(PeopleRefusal? Refusal, PersonId Person = default, ShownLink? Link = null);

/// <summary>Who asks for a change to people, and what they may do: nobody gives what they lack.</summary>
/// <param name="By">Stands in the settings journal.</param>
public sealed record Asker(Authorship By, RightSet Rights);

/// <summary>Where people and roles are changed. Every change is decided and stored in one turn, so that two of them together break no rule.</summary>
public sealed class PeopleDesk(PeopleStore store, Passwords passwords, TimeProvider clock)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    public Task<PeopleReply> Invite(string login, string name, IReadOnlyCollection<string> roles, Asker asker, CancellationToken cancellation) =>
        Change(asker, async (turn, rules, count) =>
        {
            if (rules.RefusesRoles(roles, asker.Rights) is { } refusal) return new PeopleReply(refusal);
            if (count >= PeopleStore.Max) return new PeopleReply(PeopleRefusal.TooMany);
            if (await turn.Add(Normal(login), name, roles, clock.GetUtcNow(), cancellation) is not { } person) return new PeopleReply(PeopleRefusal.LoginTaken);
            return new PeopleReply(null, person, await Link(turn, person, cancellation));
        }, cancellation);

    public Task<PeopleReply> SetRoles(PersonId person, IReadOnlyCollection<string> roles, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, rules) =>
        {
            if (rules.RefusesRoles(roles, asker.Rights) is { } refusal) return new PeopleReply(refusal);
            await turn.SetRoles(person, roles, cancellation);
            return new PeopleReply(null, person);
        }, cancellation);

    public Task<PeopleReply> Disable(PersonId person, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, _) =>
        {
            await turn.Disable(person, clock.GetUtcNow(), cancellation);
            return new PeopleReply(null, person);
        }, cancellation);

    public Task<PeopleReply> Enable(PersonId person, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, _) =>
        {
            await turn.Enable(person, cancellation);
            return new PeopleReply(null, person);
        }, cancellation);

    public Task<PeopleReply> Remove(PersonId person, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, _) =>
        {
            await turn.Remove(person, clock.GetUtcNow(), cancellation);
            return new PeopleReply(null, person);
        }, cancellation);

    /// <summary>A new link, for who has lost the invitation or the password. Links of before are good no more.</summary>
    public Task<PeopleReply> NewLink(PersonId person, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, rules) =>
            rules.Find(person)!.IsActive ? new PeopleReply(null, person, await Link(turn, person, cancellation)) : new PeopleReply(PeopleRefusal.NotActive), cancellation);

    public Task<PeopleReply> RemoveFactor(PersonId person, Asker asker, CancellationToken cancellation) =>
        ChangeOf(person, asker, async (turn, _) =>
        {
            await turn.RemoveFactor(person, cancellation);
            return new PeopleReply(null, person);
        }, cancellation);

    /// <summary>A role of the provider's own. Neither what it gave nor what it will give may be more than whoever asks has.</summary>
    /// <exception cref="SettingMovedOnException">Somebody else changed the role since whoever asks looked at it.</exception>
    public Task<PeopleReply> PutRole(string code, string name, RightSet rights, Asker asker, CancellationToken cancellation) =>
        Change(asker, async (turn, rules, _) =>
        {
            var before = rules.FindRole(code);
            if (before is { IsBuiltIn: true }) return new PeopleReply(PeopleRefusal.BuiltInRole);
            if (!asker.Rights.Covers(rights.And(before?.Rights ?? RightSet.None))) return new PeopleReply(PeopleRefusal.BeyondOwnRights);
            if (await turn.IsRoleDone(code, asker.By, cancellation)) return new PeopleReply(null);
            if (before is null && (await turn.Read(cancellation)).Roles.Count >= PeopleStore.MaxRoles) return new PeopleReply(PeopleRefusal.TooMany);
            await turn.PutRole(new RoleRow(code, name, RightNames.Write(rights)), cancellation);
            return new PeopleReply(null);
        }, cancellation);

    /// <exception cref="SettingMovedOnException">Somebody else changed the role since whoever asks looked at it.</exception>
    public Task<PeopleReply> RemoveRole(string code, Asker asker, CancellationToken cancellation) =>
        Change(asker, async (turn, rules, _) =>
        {
            if (rules.FindRole(code) is not { } role) return new PeopleReply(PeopleRefusal.UnknownRole);
            if (role.IsBuiltIn) return new PeopleReply(PeopleRefusal.BuiltInRole);
            if (await turn.IsRoleDone(code, asker.By, cancellation)) return new PeopleReply(null);
            if (rules.IsHeld(code)) return new PeopleReply(PeopleRefusal.RoleInUse);
            await turn.RemoveRole(code, cancellation);
            return new PeopleReply(null);
        }, cancellation);

    /// <summary>A link by which the first person comes to be; null once there was one.</summary>
    public async Task<ShownLink?> FirstLink(CancellationToken cancellation)
    {
        await using var turn = await store.Turn(cancellation);
        if (await turn.HasAnyone(cancellation)) return null;
        var link = await Link(turn, person: null, cancellation);
        await turn.Commit(Authorship.OfSystem("first start", clock.GetUtcNow()), cancellation);
        return link;
    }

    /// <summary>Follows a link: an invited person, or one who lost the password, chooses one.</summary>
    /// <returns>Null when the link is not good any more, or <paramref name="first"/> is missing.</returns>
    /// <param name="first">Who becomes the first person, where the link is for that.</param>
    public async Task<PersonId?> Follow(string link, string password, (string Login, string Name)? first, CancellationToken cancellation)
    {
        if (Tokens.HashOf(link, Tokens.LinkPrefix) is not { } hash) return null;
        var hashed = passwords.Hash(password);
        var now = clock.GetUtcNow();
        await using var turn = await store.Turn(cancellation);
        if (await turn.TakeLink(hash, now, cancellation) is not { } taken) return null;
        var person = taken.Person;
        if (person is null)
        {
            if (first is not { } owner || await turn.HasAnyone(cancellation)) return null;
            person = await turn.Add(Normal(owner.Login), owner.Name, [BuiltInRoles.Owner.Code], now, cancellation);
        }

        await turn.SetPassword(person!.Value, hashed, except: null, now, cancellation);
        var name = (await turn.Read(cancellation)).People.First(row => row.Id == person).Name;
        await turn.Commit(AuthorshipOf(person.Value, name), cancellation);
        return person;
    }

    /// <summary>Of what somebody changes about themselves.</summary>
    public Authorship AuthorshipOf(PersonId person, string name) =>
        new(new Actor(ActorKind.Person, person.Value.ToString(CultureInfo.InvariantCulture), name), clock.GetUtcNow());

    /// <summary>The one form in which logins are compared.</summary>
    public static string Normal(string login) => login.Trim().ToLowerInvariant();

    private Task<PeopleReply> ChangeOf(PersonId person, Asker asker, Func<PeopleTurn, PeopleRules, Task<PeopleReply>> change, CancellationToken cancellation) =>
        Change(asker, (turn, rules, _) => rules.RefusesChange(person, asker.Rights) is { } refusal ? Task.FromResult(new PeopleReply(refusal)) : change(turn, rules), cancellation);

    /// <remarks>What was managed before must be managed afterwards: judged on what the change has left, whatever it was.</remarks>
    private async Task<PeopleReply> Change(Asker asker, Func<PeopleTurn, PeopleRules, int, Task<PeopleReply>> change, CancellationToken cancellation)
    {
        await using var turn = await store.Turn(cancellation);
        var rows = await turn.Read(cancellation);
        var before = new PeopleRules(rows);
        var reply = await change(turn, before, rows.People.Count);
        if (reply.Refusal is not null) return reply;
        if (before.IsManaged && !new PeopleRules(await turn.Read(cancellation)).IsManaged) return new PeopleReply(PeopleRefusal.LastWhoManages);
        await turn.Commit(asker.By, cancellation);
        return reply;
    }

    private async Task<ShownLink> Link(PeopleTurn turn, PersonId? person, CancellationToken cancellation)
    {
        var (plain, hash) = Tokens.New(Tokens.LinkPrefix);
        var now = clock.GetUtcNow();
        await turn.AddLink(hash, person, now, now + LinkLifetime, cancellation);
        return new ShownLink(plain, now + LinkLifetime);
    }
}
