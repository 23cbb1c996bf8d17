using System.Globalization;

namespace IspBilling.LoadTests.Measuring;

/// <summary>Processor time of the processes that this one started (proc(5), stat: fields 4, 14 and 15).</summary>
internal static class ChildProcesses
{
    private const double TicksPerSecond = 100;

    /// <returns>Seconds, user and system, of those named so that run now.</returns>
    public static double Cpu(string name)
    {
        var ticks = 0.0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process) || Stat(process) is not { } stat) continue;
            if (stat.Name == name && stat.Fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
                ticks += double.Parse(stat.Fields[11], CultureInfo.InvariantCulture) + double.Parse(stat.Fields[12], CultureInfo.InvariantCulture);
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>The name, which may hold blanks, and the fields behind it; null when the process has gone.</summary>
    private static (string Name, string[] Fields)? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
            return (text[(open + 1)..close], text[(close + 2)..].Split(' '));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
