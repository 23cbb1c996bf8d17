using System.Text;
using IspBilling.Domain;
using IspBilling.Outreach.Sms;

namespace IspBilling.Outreach.Tests.Sms;

public sealed class SmsTextTests
{
    [Theory]
    [InlineData('a', 160, SmsEncoding.Gsm7, 1)]
    [InlineData('a', 161, SmsEncoding.Gsm7, 2)]
    [InlineData('a', 306, SmsEncoding.Gsm7, 2)]
    [InlineData('a', 307, SmsEncoding.Gsm7, 3)]
    [InlineData('€', 80, SmsEncoding.Gsm7, 1)]
    [InlineData('€', 81, SmsEncoding.Gsm7, 2)]
    [InlineData('€', 152, SmsEncoding.Gsm7, 2)] // 76 pairs fill 152 of 153 septets
    [InlineData('€', 153, SmsEncoding.Gsm7, 3)]
    [InlineData('č', 70, SmsEncoding.Ucs2, 1)]
    [InlineData('č', 71, SmsEncoding.Ucs2, 2)]
    [InlineData('č', 134, SmsEncoding.Ucs2, 2)]
    [InlineData('č', 135, SmsEncoding.Ucs2, 3)]
    public void A_text_of_one_character_has_as_many_parts_as_networks_say(char letter, int count, SmsEncoding encoding, int parts)
    {
        var text = SmsText.Of(new string(letter, count));
        Assert.Equal((encoding, parts), (text.Encoding, text.Parts.Length));
    }

    [Fact]
    public void A_pair_that_would_be_divided_goes_into_the_next_part_whole()
    {
        var escape = SmsText.Of(new string('a', 152) + "€" + new string('b', 20));
        Assert.Equal([152, 21], escape.Parts.Select(part => part.Length));

        var surrogates = SmsText.Of(new string('č', 66) + "😀" + new string('č', 20));
        Assert.Equal([66, 22], surrogates.Parts.Select(part => part.Length));
    }

    /// <summary>The oracle knows the alphabet by its codes and finds the fewest parts by trying every place to cut.</summary>
    [Fact]
    public void Any_text_is_whole_fits_and_takes_the_fewest_parts()
    {
        var random = new Random(20261127);
        for (var round = 0; round < 2_000; round++)
        {
            var text = Oracle.Random(random);
            var measured = SmsText.Of(text);
            Assert.Equal(text, string.Concat(measured.Parts));
            Assert.Equal(Oracle.IsGsm(text) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, measured.Encoding);
            Assert.Equal(Oracle.Units(text, Oracle.IsGsm(text)), measured.Units);
            Assert.Equal(Oracle.FewestParts(text), measured.Parts.Length);
            Assert.All(measured.Parts, part =>
            {
                if (measured.Parts.Length > 1) Assert.InRange(Oracle.Units(part, Oracle.IsGsm(text)), 1, Oracle.IsGsm(text) ? 153 : 67);
                Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part)));
            });
        }
    }

    [Theory]
    [InlineData("Příliš žluťoučký kůň úpěl ďábelské ódy", "Prilis zlutoucky kun upel dabelské ody")]
    [InlineData("é à ö ü ß Ä Ñ stay", "é à ö ü ß Ä Ñ stay")]
    [InlineData("ľščťžýáíé ÁÍÉ ôĺŕ", "lsctzyaié AIÉ olr")]
    [InlineData("„Dluh” – 500 Kč…", "\"Dluh\" - 500 Kc...")]
    [InlineData("C\u030C", "C")] // decomposed
    [InlineData("Привет č", "Привет c")]
    [InlineData("😀 č", "😀 c")]
    public void Only_what_the_alphabet_lacks_is_made_plain(string text, string plain) => Assert.Equal(plain, PlainLetters.Of(text));

    [Fact]
    public void Parts_and_price_are_told_before_and_too_long_a_text_is_refused_and_not_cut()
    {
        var target = new SmsTarget { MaxParts = 2, PriceOfHundred = new SmsPrice("89.50", "CZK") };
        Assert.Equal(new SmsQuote("dluh", SmsEncoding.Gsm7, 4, 1, Money.Czk(0.90m), null), SmsQuote.Of("dluh", target));
        Assert.Equal((SmsEncoding.Gsm7, 2, Money.Czk(1.79m), null), Told(SmsQuote.Of(new string('č', 161), target)));
        Assert.Equal((SmsEncoding.Ucs2, 3, Money.Czk(2.69m), "the message has 3 parts, and 2 are allowed"), Told(SmsQuote.Of(new string('č', 161), target with { PlainLetters = false })));
        Assert.Equal(new string('č', 161), SmsQuote.Of(new string('č', 161), target with { PlainLetters = false }).Text);
        Assert.NotNull(SmsQuote.Of("", target).Refusal);

        static (SmsEncoding, int, Money?, string?) Told(SmsQuote quote) => (quote.Encoding, quote.Parts, quote.Price, quote.Refusal);
    }

    private static class Oracle
    {
        /// <summary>Code points of the default alphabet by the rows of the standard's table, and those behind an escape.</summary>
        private static readonly HashSet<int> One =
        [
            0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5,
            0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9,
            .. Enumerable.Range(0x20, 4), 0xA4, .. Enumerable.Range(0x25, 0x3F - 0x25 + 1), 0xA1, .. Enumerable.Range(0x41, 26),
            0xC4, 0xD6, 0xD1, 0xDC, 0xA7, 0xBF, .. Enumerable.Range(0x61, 26), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
        ];

        private static readonly HashSet<int> Two = [0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC];

        public static bool IsGsm(string text) => text.EnumerateRunes().All(rune => One.Contains(rune.Value) || Two.Contains(rune.Value));

        public static int Units(string text, bool isGsm) => text.EnumerateRunes().Sum(rune => isGsm ? Two.Contains(rune.Value) ? 2 : 1 : rune.Value > 0xFFFF ? 2 : 1);

        public static int FewestParts(string text)
        {
            var isGsm = IsGsm(text);
            var sizes = text.EnumerateRunes().Select(rune => Units(rune.ToString(), isGsm)).ToArray();
            if (sizes.Sum() <= (isGsm ? 160 : 70)) return 1;
            var fewest = new int[sizes.Length + 1];
            for (var end = 1; end <= sizes.Length; end++)
            {
                fewest[end] = int.MaxValue;
                for (var (start, used) = (end - 1, 0); start >= 0; start--)
                {
                    used += sizes[start];
                    if (used > (isGsm ? 153 : 67)) break;
                    fewest[end] = Math.Min(fewest[end], fewest[start] + 1);
                }
            }

            return fewest[^1];
        }

        public static string Random(Random random)
        {
            string[] letters = random.Next(3) switch
            {
                0 => ["a", "B", "é", "1"],
                1 => ["a", "€", "[", "~", "\f"],
                _ => ["a", "č", "😀", "€", "я"],
            };
            var text = new StringBuilder();
            for (var left = random.Next(1, 500); left > 0; left--) text.Append(letters[random.Next(letters.Length)]);
            return text.ToString();
        }
    }
}
