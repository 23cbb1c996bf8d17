using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>What of an event is personal stands beside it, and can be erased there.</summary>
public sealed class PersonalTexts
{
    private static readonly Actor Run = new(ActorKind.Run, "1", "billing run");
    private static readonly DunningExemptionSet Exempted = new(true, "hospital", Given.Day("2026-03-19"));

    [Fact]
    public void Every_text_of_every_event_is_declared_personal_or_not_and_none_both()
    {
        var texts = JournalJson.EventTypes.SelectMany(TextsOf).ToHashSet();

        Assert.DoesNotContain(texts, text => !PersonalMembers.Personal.Contains(text) && !PersonalMembers.Plain.Contains(text));
        Assert.Empty(PersonalMembers.Personal.Intersect(PersonalMembers.Plain));
        Assert.Empty(PersonalMembers.Personal.Union(PersonalMembers.Plain).Except(texts));
    }

    [Fact]
    public void Issuing_a_document_writes_nothing_personal_because_its_own_writer_commits_to_nothing() =>
        Assert.DoesNotContain(TextsOf(typeof(DocumentIssued)), PersonalMembers.Personal.Contains);

    [Fact]
    public void An_event_keeps_a_commitment_in_the_place_of_a_personal_text()
    {
        var parts = Parts(Run);

        Assert.Equal(
            """{"exempt":true,"reason":{"part":0,"sha256":"rzl2kApcm5UN3yvcSRvNUlPh602UZ2FEwSluCZHczs8="},"on":"2026-03-19"}""",
            Written(writer => JournalJson.WriteEvent(writer, Exempted, parts)));
        Assert.Equal("""{"parts":[{"salt":"AAECAwQFBgcICQoLDA0ODw==","value":"hospital"}]}""", Written(writer => PersonalParts.Write(writer, parts)));
    }

    [Theory]
    [InlineData(ActorKind.Person, true)]
    [InlineData(ActorKind.ApiKey, true)]
    [InlineData(ActorKind.Client, true)]
    [InlineData(ActorKind.Run, false)]
    [InlineData(ActorKind.Import, false)]
    [InlineData(ActorKind.Reminder, false)]
    [InlineData(ActorKind.System, false)]
    public void Only_a_name_that_may_be_a_persons_is_committed_to(ActorKind kind, bool isPersonal)
    {
        var parts = Parts(new Actor(kind, "1", "Jana"));

        Assert.Equal((isPersonal, !isPersonal), (parts.ActorCommitment.Length == 32, parts.IsEmpty));
    }

    [Fact]
    public void Everything_an_account_can_do_is_read_back_with_its_personal_texts()
    {
        foreach (var happened in Lives.Events())
        {
            var parts = Parts(Writer.By);
            var payload = Written(writer => JournalJson.WriteEvent(writer, happened, parts));
            var personal = Encoding.UTF8.GetBytes(Written(writer => PersonalParts.Write(writer, parts)));

            var read = JournalJson.ReadEvent(JournalJson.NameOf(happened), Encoding.UTF8.GetBytes(payload), personal);

            Assert.Equal(JsonSerializer.Serialize(happened, happened.GetType(), JournalJson.Options), JsonSerializer.Serialize(read, read.GetType(), JournalJson.Options));
            foreach (var text in PersonalTextsOf(happened)) Assert.DoesNotContain($"\"{text}\"", payload, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_event_of_an_earlier_release_has_its_texts_in_place_and_says_itself_who_asked() => Assert.Equal(
        Exempted,
        JournalJson.ReadEvent("dunning-exemption-set.v1", """{"exempt":true,"by":"CRM (key 7)","reason":"hospital","on":"2026-03-19"}"""u8, default));

    [Fact]
    public void What_was_erased_is_told_by_a_placeholder_or_is_absent_where_that_may_be()
    {
        var moved = new ProfileChanged(Given.Client().Profile with { Phone = "+420 777 123 456" }, 1, Given.Day("2026-01-01"));
        var payload = Encoding.UTF8.GetBytes(Written(writer => JournalJson.WriteEvent(writer, moved, Parts(Run))));
        var erased = Encoding.UTF8.GetBytes($"{{\"parts\":[{string.Join(',', Enumerable.Repeat("{}", 20))}]}}");

        var profile = Assert.IsType<ProfileChanged>(JournalJson.ReadEvent("profile-changed.v1", payload, erased)).Profile;

        Assert.Equal(
            moved.Profile with
            {
                Name = "(erased)",
                Address = new PostalAddress("(erased)", "(erased)", "(erased)", moved.Profile.Address.Country),
                Email = null,
                Phone = null,
            },
            profile);
    }

    [Theory]
    [InlineData("""{"exempt":true,"reason":{"part":1,"sha256":""},"on":"2026-03-19"}""")]
    [InlineData("""{"exempt":true,"reason":{"part":-1,"sha256":""},"on":"2026-03-19"}""")]
    [InlineData("""{"exempt":true,"reason":{"sha256":""},"on":"2026-03-19"}""")]
    [InlineData("""{"exempt":true,"reason":7,"on":"2026-03-19"}""")]
    public void A_commitment_that_nothing_opens_is_unreadable(string payload) => Assert.Throws<JsonException>(
        () => JournalJson.ReadEvent("dunning-exemption-set.v1", Encoding.UTF8.GetBytes(payload), """{"parts":[{}]}"""u8.ToArray()));

    [Fact]
    public void A_text_is_committed_to_with_a_salt_of_its_own_so_that_equal_texts_look_different()
    {
        var parts = new PersonalParts();
        parts.Begin(Run);
        var (one, other) = (Written(writer => JournalJson.WriteEvent(writer, Exempted, parts)), Written(writer => JournalJson.WriteEvent(writer, Exempted, parts)));

        Assert.NotEqual(one.Replace("\"part\":0", "\"part\":1", StringComparison.Ordinal), other);
    }

    private static PersonalParts Parts(Actor by)
    {
        var parts = new PersonalParts(salt =>
        {
            for (var i = 0; i < salt.Length; i++) salt[i] = (byte)i;
        });
        parts.Begin(by);
        return parts;
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JournalJson.Options.Encoder })) write(writer);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The texts that a type holds, in itself and in what it is made of.</summary>
    private static IEnumerable<(Type Type, string Member)> TextsOf(Type type) => TextsOf(type, []);

    private static IEnumerable<(Type Type, string Member)> TextsOf(Type type, HashSet<Type> seen)
    {
        foreach (var part in PartsOf(type).Where(part => part.Assembly == typeof(AccountEvent).Assembly && !part.IsEnum && seen.Add(part)))
        {
            foreach (var member in StoredMembers(part))
            {
                if (member.PropertyType == typeof(string)) yield return (part, member.Name);
                foreach (var text in TextsOf(member.PropertyType, seen)) yield return text;
            }
        }
    }

    /// <summary>The type itself, or what it is an optional value or a list of.</summary>
    private static IEnumerable<Type> PartsOf(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(PartsOf) : [type.HasElementType ? type.GetElementType()! : type];

    /// <summary>What the record was declared with: computed members are not stored.</summary>
    private static IEnumerable<PropertyInfo> StoredMembers(Type type)
    {
        var declared = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name).ToHashSet();
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => declared.Contains(property.Name) || property.SetMethod is not null);
    }

    private static IEnumerable<string> PersonalTextsOf(object value)
    {
        var type = value.GetType();
        if (type.Assembly != typeof(AccountEvent).Assembly || type.IsEnum) yield break;
        foreach (var member in StoredMembers(type))
        {
            var held = member.GetValue(value);
            if (held is string text)
            {
                if (PersonalMembers.Personal.Contains((type, member.Name)) && text.Length > 0) yield return text;
                continue;
            }

            var inside = held is IEnumerable list and not ImmutableArray<byte> ? list.Cast<object>() : held is null ? [] : [held];
            foreach (var found in inside.SelectMany(PersonalTextsOf)) yield return found;
        }
    }
}
