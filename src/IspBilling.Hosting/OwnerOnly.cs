namespace IspBilling.Hosting;

/// <summary>Modes of what a node keeps on its machine: nobody else's business, on a shared machine too.</summary>
internal static class OwnerOnly
{
    /// <summary>0700.</summary>
    public const UnixFileMode Directory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>0600.</summary>
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Whether anybody but its owner has any right to a file.</summary>
    public static bool IsOpenToOthers(string file) => !OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & OthersMay) != UnixFileMode.None;

    /// <summary>Takes a file's rights from all but its owner; an earlier release may have made it readable.</summary>
    public static void Tighten(string file)
    {
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(file, File);
    }
}
