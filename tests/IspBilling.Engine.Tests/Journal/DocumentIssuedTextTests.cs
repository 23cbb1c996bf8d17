using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;

namespace IspBilling.Engine.Tests.Journal;

public class DocumentIssuedTextTests
{
    private static readonly string[] Texts = ["", "Internet 100/20", "Wi-Fi \"6\" – příslušenství\n\t\\", "<b>&'+ \u2028 𝄞", new('x', 3_000)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_issued_document_is_written_as_the_serializer_would(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var issued = Any(random);

            Assert.Equal(JsonSerializer.Serialize(issued, JournalJson.Options), Written(issued));
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var issued = Any(new Random(4));

        var read = JournalJson.ReadEvent("document-issued.v1", System.Text.Encoding.UTF8.GetBytes(Written(issued)), default);

        Assert.Equal(Written(issued), Written((DocumentIssued)read));
    }

    private static string Written(DocumentIssued issued)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JournalJson.WriteEvent(writer, issued, new PersonalParts());
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static DocumentIssued Any(Random random)
    {
        return new DocumentIssued(
            new Document(
                random.Next(), Member<DocumentKind>(), new SeriesKey(new IssuerId(random.Next(1, 9)), Member<DocumentKind>(), random.Next(2000, 2100)),
                random.NextInt64(0, 99_999_999), Day(), Day(), Day(), Currency.Eur, Maybe(new VariableSymbol(random.Next())),
                [.. Several(Line)], [.. Several(() => new VatTotal(Member<VatCategory>(), Rate(), Member<PriceMode>(), Amount(), Amount()))],
                Amount(), Amount(), random.Next(), random.Next(), Maybe(new RunId(new Guid(random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))), random.Next(2) == 0 ? null : Text(),
                random.NextInt64()),
            [.. Several(() => new Settlement(Member<CreditSource>(), random.Next(), random.Next(), Amount()))],
            [.. Several(() => new Recharged(random.Next(), [.. Several(Segment)]))]);

        DocumentLine Line() => new(
            random.Next(), Member<LineReason>(), Maybe(random.Next()), random.Next(2) == 0 ? null : Text(), Maybe(new TariffId(random.Next())), Text(),
            Maybe(Stretch()), new Quantity(random.Next()), Amount(), Member<PriceMode>(), Member<VatCategory>(), Rate(), Amount(),
            Maybe(new LineReference(random.Next(), random.Next())), random.Next(3) == 0 ? null : Basis(), random.Next(2) == 0 ? null : Change(), Maybe(Day()),
            random.Next(2) == 0 ? null : Text(), Maybe(random.NextInt64()));

        StretchChange Change() => new(random.Next(2) == 0 ? null : Basis(), Amount(), Amount(), Maybe(Share()), random.NextInt64())
        {
            OtherCauses = random.Next(2) == 0 ? null : ValueList.Of<long>([random.NextInt64(), 0]),
        };

        ChargeBasis Basis() => new(
            new TariffId(random.Next()), Day(), Amount(), new Quantity(random.Next()), random.Next(2) == 0 ? null : Text(),
            random.Next(2) == 0 ? null : Text(), random.Next(10_000), Share(), random.NextInt64());

        ChargedSegment Segment() => new(
            Stretch(), new TariffId(random.Next()), Member<PriceMode>(), Member<VatCategory>(),
            [new ChargePart(random.Next(), random.Next(), Amount(), Rate()) { Days = Maybe(Stretch()) }])
        {
            Basis = random.Next(2) == 0 ? null : Basis(),
            BilledUnder = random.NextInt64(),
        };

        MonthShare Share() => random.Next(3) switch
        {
            0 => MonthShare.OneMonth,
            1 => new MonthShare(random.Next(5), random.Next(1, 28), 28, 0, 1),
            _ => new MonthShare(random.Next(1, 5), 0, 1, random.Next(1, 31), 31),
        };

        Money Amount() => new(
            random.Next(8) switch { 0 => 0, 1 => long.MinValue + 1, 2 => long.MaxValue, _ => random.Next(-1_000_000, 1_000_000) },
            random.Next(2) == 0 ? Currency.Czk : Currency.Eur);

        Period Stretch()
        {
            var from = Day();
            return new Period(from, from.AddDays(random.Next(1, 400)));
        }

        VatRate Rate() => new(random.Next(10_000));
        DateOnly Day() => new DateOnly(2000, 1, 1).AddDays(random.Next(30_000));
        string Text() => Texts[random.Next(Texts.Length)];
        T Member<T>()
            where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
        T? Maybe<T>(T value)
            where T : struct => random.Next(2) == 0 ? null : value;
        IEnumerable<T> Several<T>(Func<T> one) => Enumerable.Range(0, random.Next(3)).Select(_ => one()).ToImmutableArray();
    }
}
