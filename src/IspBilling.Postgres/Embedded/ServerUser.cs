namespace IspBilling.Postgres.Embedded;

/// <summary>
/// The operating system's user that the server runs as: the engine's own, or, because PostgreSQL refuses to run as root, an unprivileged
/// one when the engine is root.
/// </summary>
internal sealed class ServerUser
{
    private readonly string[] prefix;

    private ServerUser(string? name, string[] prefix)
    {
        Name = name;
        this.prefix = prefix;
    }

    /// <summary>Null when the server runs as the engine's own user.</summary>
    public string? Name { get; }

    /// <summary>
    /// The owner of the data goes on owning it, so that a directory works under root and under its owner in turns; new data belongs to
    /// <c>postgres</c>, or <c>nobody</c> where that user is missing.
    /// </summary>
    public static async Task<ServerUser> For(string? existingData, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return new ServerUser(null, []);
        var owner = existingData is null ? "root" : await SystemCommand.RunOrThrow(["stat", "--format=%U", existingData], cancel);
        string[] candidates = owner == "root" ? ["postgres", "nobody"] : [owner];
        foreach (var name in candidates)
        {
            if (await WayToBecome(name, cancel) is { } way) return new ServerUser(name, way);
        }

        throw new EmbeddedPostgresException(
            $"PostgreSQL does not run as root, and none of the users {string.Join(", ", candidates)} can be used instead: "
            + "setpriv, runuser or su (package util-linux) and such a user are needed.");
    }

    /// <summary>The command line that runs the command as this user.</summary>
    public IReadOnlyList<string> Running(params ReadOnlySpan<string> command) => [.. prefix, .. command];

    /// <summary>Gives the paths to this user; nothing to do when the server's user is the engine's.</summary>
    public async Task Own(IEnumerable<string> paths, CancellationToken cancel)
    {
        if (Name is null) return;
        await SystemCommand.RunOrThrow(["chown", "--no-dereference", $"{Name}:", .. paths], cancel);
    }

    private static async Task<string[]?> WayToBecome(string name, CancellationToken cancel)
    {
        var group = await SystemCommand.Run(["id", "--group", name], cancel);
        if (!group.Succeeded) return null;
        string[][] ways =
        [
            ["setpriv", $"--reuid={name}", $"--regid={group.Output}", "--init-groups", "--inh-caps=-all", "--"],
            ["runuser", "-u", name, "--"],
            ["su", name, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"],
        ];
        foreach (var way in ways)
        {
            if (await Works(way, cancel)) return way;
        }

        return null;
    }

    private static async Task<bool> Works(string[] way, CancellationToken cancel)
    {
        try
        {
            return (await SystemCommand.Run([.. way, "true"], cancel)).Succeeded;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // The program is not installed.
        }
    }
}
