using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.Journal;

/// <summary>Who asked, read from what is stored of them; earlier releases stored one text, a name.</summary>
public static class StoredActor
{
    private const string BeforeKey = " (key ", AfterKey = ")";

    /// <summary>By the kind's number. Asked for with every event: to have the enumeration say it allocates.</summary>
    private static readonly string[] Kinds = Enum.GetNames<ActorKind>();

    /// <summary>Under which a kind is stored.</summary>
    public static string NameOf(ActorKind kind) => Kinds[(int)kind];

    /// <param name="kind">Null in what an earlier release stored, as is the id.</param>
    /// <param name="name">Of earlier releases: a key's name and number as in <c>CRM (key 7)</c>, or what the engine called its own work.</param>
    /// <exception cref="FormatException">A newer program stored a kind that this one does not know.</exception>
    public static Actor Of(string? kind, string? id, string name)
    {
        if (kind is null) return OfEarlierRelease(name);
        var known = Array.IndexOf(Kinds, kind);
        return known >= 0
            ? new Actor((ActorKind)known, id ?? "", name)
            : throw new FormatException($"'{kind}' is no kind of actor that this program knows");
    }

    private static Actor OfEarlierRelease(string name)
    {
        if (name is "review" or "reminders") return new Actor(ActorKind.Reminder, name, name);
        var at = name.LastIndexOf(BeforeKey, StringComparison.Ordinal);
        if (at < 0 || !name.EndsWith(AfterKey, StringComparison.Ordinal)) return Actor.System(name);
        var number = name.AsSpan(at + BeforeKey.Length, name.Length - at - BeforeKey.Length - AfterKey.Length);
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new Actor(ActorKind.ApiKey, number.ToString(), name[..at])
            : Actor.System(name);
    }
}
