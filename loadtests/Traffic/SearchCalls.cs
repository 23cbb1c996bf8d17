using System.Globalization;
using Bogus;
using IspBilling.Domain;

namespace IspBilling.LoadTests.Traffic;

/// <summary>A client whose particulars people know.</summary>
internal sealed record SoughtClient(string Reference, AccountProfile Profile, string Document, string Payer)
{
    public string[] Name => Profile.Name.Split(' ');
}

/// <param name="Identifies">Whether the client it was made from must be among the hits.</param>
internal sealed record SearchKind(string Name, bool Identifies, Func<SoughtClient, string?> Text);

/// <summary>What people type into a search field, each kind as often: all that may be known of a client, and what would be dear if it were not bounded.</summary>
internal sealed class SearchCalls(IReadOnlyList<SoughtClient> clients, int seed)
{
    private const string Common = "Jan";
    private const string City = "Praha";

    private readonly Randomizer _random = new(seed);
    private int _next;

    public static IReadOnlyList<SearchKind> Kinds { get; } =
    [
        new("surname", false, client => client.Name[^1]),
        new("name, no diacritics", false, client => Plain(client.Profile.Name)),
        new("beginnings of both names", false, client => $"{Start(client.Name[^1], 4)} {Start(client.Name[0], 3)}"),
        new("common first name", false, _ => Common),
        new("common first name and surname", false, client => $"{Common} {client.Name[^1]}"),
        new("common first name and city", false, _ => $"{Common} {City}"),
        new("surname and city", false, client => $"{client.Name[^1]} {client.Profile.Address.City}"),
        new("street and number", false, client => client.Profile.Address.Street),
        new("name and phone", true, client => client.Profile.Phone is { } phone ? $"{client.Name[0]} {phone}" : null),
        new("reference", true, client => client.Reference),
        new("beginning of a reference", false, client => Start(client.Reference, 5)),
        new("own symbol", true, client => client.Profile.AccountSymbol is { } symbol ? $"000{symbol}" : null),
        new("document's number", true, client => client.Document),
        new("phone", true, client => client.Profile.Phone),
        new("phone, national, in one", true, client => client.Profile.Phone?.Replace(" ", "", StringComparison.Ordinal)[4..]),
        new("phone, with 00 and dashes", true, client => client.Profile.Phone?.Replace("+", "00", StringComparison.Ordinal).Replace(' ', '-')),
        new("e-mail", true, client => client.Profile.Email?.ToUpperInvariant()),
        new("e-mail's domain", false, client => client.Profile.Email?.Split('@')[1]),
        new("company number", true, client => client.Profile.CompanyNumber),
        new("bank account", true, client => client.Payer),
        new("bank account, IBAN", true, client => CzechAccount.TryParse(client.Payer, out var account) ? account.ToIban() : null),
        new("bank account, no bank", true, client => client.Payer.Split('/')[0]),
        new("a letter beside a surname", false, client => $"a {client.Name[^1]}"),
        new("one letter again and again", false, _ => "a a a a a"),
        new("two letters", false, _ => "a s"),
        new("two cities", false, _ => "Praha Brno Plzeň"),
        new("nothing at all", false, client => $"{client.Name[^1]}qx"),
        new("signs of patterns", false, client => $"%_\\' {client.Name[^1]}%"),
    ];

    public Call Next()
    {
        while (true)
        {
            var kind = Kinds[(int)((uint)Interlocked.Increment(ref _next) % (uint)Kinds.Count)];
            if (kind.Text(Client()) is { } text) return new Call(kind.Name, HttpMethod.Get, PathOf(text));
        }
    }

    public SoughtClient Client() => clients[_random.Int(0, clients.Count - 1)];

    public static string PathOf(string text) => $"/v1/search?q={Uri.EscapeDataString(text)}";

    private static string Start(string text, int letters) => text.Length <= letters ? text : text[..letters];

    /// <summary>As people type on a foreign keyboard.</summary>
    private static string Plain(string name)
    {
        const string From = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", To = "acdeeinorstuuyzACDEEINORSTUUYZ";
        return string.Concat(name.Select(letter => From.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? To[at] : letter)).ToLower(CultureInfo.InvariantCulture);
    }
}
