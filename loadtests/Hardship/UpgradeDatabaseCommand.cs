using System.CommandLine;
using IspBilling.FaultKit.Upgrades;

namespace IspBilling.LoadTests.Hardship;

/// <summary><c>upgrade-database</c>: saves a small database of this release, which all later releases must take over.</summary>
internal static class UpgradeDatabaseCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Of the release: the folder below tests/Upgrades" };
        var program = new Option<FileInfo>("--program")
        {
            Description = "IspBilling.Api.dll of another release", DefaultValueFactory = _ => new(Path.Combine(AppContext.BaseDirectory, "IspBilling.Api.dll")),
        };
        var command = new Command("upgrade-database", "Saves a small database of this release below tests/Upgrades") { name, program };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = new FileInfo(Path.Combine("tests", "Upgrades", parsed.GetRequiredValue(name), UpgradeDatabase.FileName));
            await UpgradeDatabase.Make(parsed.GetRequiredValue(program), new DirectoryInfo(Path.Combine(".data", "upgrade")), output, cancellation);
            output.Refresh();
            Console.WriteLine($"{output}: {output.Length:n0} bytes");
        });
        return command;
    }
}
