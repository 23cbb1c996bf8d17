using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IspBilling.Http.OpenApi;

/// <summary>
/// What the sources say of types, members and parameters, from the files that the compiler writes beside each assembly: the interface is
/// described by the comments that its engineers read.
/// </summary>
internal sealed partial class DocumentationComments
{
    private readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> _files = new();

    /// <summary>Null when nothing is said.</summary>
    public string? Of(Type type) => Text(Member(type, $"T:{Name(type)}")?.Element("summary"));

    /// <summary>Of a property: its own words, or those of the record's parameter that it comes from.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Text(Member(type, $"P:{Name(type)}.{property.Name}")?.Element("summary")) ?? Text(Parameter(Member(type, $"T:{Name(type)}"), property.Name));
    }

    /// <summary>Of a word of an enumeration.</summary>
    public string? Of(FieldInfo word) => Text(Member(word.DeclaringType!, $"F:{Name(word.DeclaringType!)}.{word.Name}")?.Element("summary"));

    public string? Remarks(MethodInfo method) => Text(Method(method)?.Element("remarks")) ?? Text(Method(method)?.Element("summary"));

    public string? Of(MethodInfo method, string parameter) => Text(Parameter(Method(method), parameter));

    /// <summary>What is given as an example of a type: JSON, as it would be sent.</summary>
    public string? Example(Type type) => Member(type, $"T:{Name(type)}")?.Element("example")?.Value.Trim();

    private static XElement? Parameter(XElement? member, string name) =>
        member?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == name);

    /// <summary>Handlers have names of their own within their class, so that the types of their parameters need not be spelt.</summary>
    private XElement? Method(MethodInfo method)
    {
        if (method.DeclaringType is not { } type) return null;
        var name = $"M:{Name(type)}.{method.Name}";
        return Of(type.Assembly).FirstOrDefault(member => member.Key == name || member.Key.StartsWith($"{name}(", StringComparison.Ordinal)).Value;
    }

    private XElement? Member(Type type, string name) => Of(type.Assembly).GetValueOrDefault(name);

    private IReadOnlyDictionary<string, XElement> Of(Assembly assembly) => _files.GetOrAdd(assembly, static one =>
    {
        var file = Path.ChangeExtension(one.Location, ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal)
            : new Dictionary<string, XElement>(StringComparer.Ordinal);
    });

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    /// <summary>As Markdown, which descriptions are.</summary>
    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "paramref" } parameter => $"`{Json(parameter.Attribute("name")?.Value)}`",
            XElement { Name.LocalName: "see" } see => Seen(see),
            XElement other => other.Value,
            _ => "",
        }));
        var plain = Blank().Replace(text, " ").Trim();
        return plain.Length == 0 ? null : plain;
    }

    private static string Seen(XElement see)
    {
        var target = see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "";
        return $"`{Json(target[(target.LastIndexOfAny(['.', ':']) + 1)..])}`";
    }

    /// <summary>Members are called in JSON as they are in the sources, but for their first letter.</summary>
    private static string Json(string? name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name ?? "");

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blank();
}
