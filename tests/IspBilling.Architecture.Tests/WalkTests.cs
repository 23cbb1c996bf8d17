using System.Globalization;
using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>The walks of docs/ARCHITECTURE.md lead through files that exist, and are as long as they say.</summary>
public sealed partial class WalkTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs/ARCHITECTURE.md"));

    [Fact]
    public void Every_station_is_there() => Assert.Empty(
        from station in Stations(Text)
        let file = $"src/IspBilling.{station.File}"
        where !File.Exists(Path.Combine(Repository.Root, file))
        select $"{station.Number}: {file}");

    [Fact]
    public void Stations_are_counted_from_one_and_named_once() => Assert.All(Walks(Text), walk =>
    {
        Assert.Equal(Enumerable.Range(1, walk.Count), walk.Select(station => station.Number));
        Assert.Equal(walk.Count, walk.Select(station => station.File).Distinct(StringComparer.Ordinal).Count());
    });

    [Fact]
    public void A_walk_is_as_long_as_it_says() => Assert.Equal(
        Length().Matches(Text).Select(match => int.Parse(match.Groups["files"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)),
        Walks(Text).Select(walk => walk.Count));

    private static IEnumerable<List<(int Number, string File)>> Walks(string text)
    {
        var walks = new List<List<(int Number, string File)>>();
        foreach (var station in Stations(text))
        {
            if (station.Number == 1) walks.Add([]);
            walks[^1].Add(station);
        }

        return walks;
    }

    private static IEnumerable<(int Number, string File)> Stations(string text) => Station().Matches(text).Select(match =>
        (int.Parse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), match.Groups["file"].Value));

    [GeneratedRegex(@"^ ?(?<number>[0-9]{1,2}) (?<file>[A-Z][A-Za-z]*/[\w./]+\.cs)\b", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Station();

    [GeneratedRegex(@"^\*\*.*\((?<files>[0-9]+) files", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Length();
}
