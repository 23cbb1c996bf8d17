using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace IspBilling.Outreach.Sms;

/// <summary>Reads places in what a gateway says. What cannot be read has no places.</summary>
internal abstract class GatewayText
{
    /// <summary>Time for a regular expression that somebody entered.</summary>
    public static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Null when nothing stands there, or an empty text.</summary>
    public abstract string? At(string place);

    public static GatewayText Read(SmsAnswerForm form, string text) => form switch
    {
        SmsAnswerForm.Json => InJson.Parse(text),
        SmsAnswerForm.Xml => InXml.Parse(text),
        SmsAnswerForm.Text => new InText(text),
        SmsAnswerForm.Parameters => new InParameters(text),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
    };

    /// <summary>Whether the whole of a value is as a pattern says.</summary>
    public static bool IsWhole(string? value, string? pattern)
    {
        if (value is null || string.IsNullOrEmpty(pattern)) return false;
        try
        {
            return Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, PatternTime);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>The first group of a pattern in a text.</summary>
    public static string? Within(string? text, string pattern)
    {
        if (text is null) return null;
        try
        {
            var match = Regex.Match(text, pattern, RegexOptions.CultureInvariant, PatternTime);
            return match.Success && match.Groups[1].Value is { Length: > 0 } found ? found : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>An element of JSON within a whole one.</summary>
    internal sealed class InJson(JsonElement root) : GatewayText
    {
        public static InJson Parse(string text)
        {
            try
            {
                using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
                return new InJson(document.RootElement.Clone());
            }
            catch (JsonException)
            {
                return new InJson(default);
            }
        }

        public override string? At(string place)
        {
            if (Element(place) is not { } found) return null;
            var text = found.ValueKind switch
            {
                JsonValueKind.String => found.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
                _ => null,
            };
            return string.IsNullOrEmpty(text) ? null : text;
        }

        /// <summary>The elements of a list, or the element that stands in its place.</summary>
        public IEnumerable<InJson> Each(string place)
        {
            if (Element(place) is not { } found) return [];
            return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().Select(item => new InJson(item)) : [new InJson(found)];
        }

        private JsonElement? Element(string place)
        {
            var at = root;
            if (at.ValueKind == JsonValueKind.Undefined) return null;
            foreach (var step in place.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
            {
                if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out var member)) at = member;
                else if (at.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength()) at = at[index];
                else return null;
            }

            return at;
        }
    }

    private sealed class InXml(XElement? root) : GatewayText
    {
        public static InXml Parse(string text)
        {
            try
            {
                using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
                return new InXml(XElement.Load(reader));
            }
            catch (XmlException)
            {
                return new InXml(null);
            }
        }

        public override string? At(string place)
        {
            var steps = place.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (root is null || steps.Length == 0 || root.Name.LocalName != steps[0]) return null;
            var at = root;
            foreach (var step in steps.Skip(1))
            {
                at = at.Elements().FirstOrDefault(element => element.Name.LocalName == step);
                if (at is null) return null;
            }

            return at.Value.Trim() is { Length: > 0 } value ? value : null;
        }
    }

    private sealed class InText(string text) : GatewayText
    {
        public override string? At(string place) => Within(text.Trim(), place);
    }

    /// <summary>Parameters as they stand behind a question mark or in a form.</summary>
    private sealed class InParameters(string text) : GatewayText
    {
        private readonly Dictionary<string, string> _values = Parse(text);

        public override string? At(string place) => _values.GetValueOrDefault(place) is { Length: > 0 } value ? value : null;

        private static Dictionary<string, string> Parse(string text)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var at = pair.IndexOf('=', StringComparison.Ordinal);
                var (name, value) = at < 0 ? (pair, "") : (pair[..at], pair[(at + 1)..]);
                values.TryAdd(Plain(name), Plain(value));
            }

            return values;
        }

        private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}
