namespace IspBilling.Outreach.Tests.Parts;

/// <summary>
/// A test against real programs that <c>./dev parts</c> unpacks into a folder of the project's own. Where one is missing the test is skipped,
/// visibly; with <c>CI=true</c> it runs, and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithPartsAttribute : FactAttribute
{
    public FactWithPartsAttribute(params string[] programs)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") return;
        if (Array.Find(programs, program => UnpackedParts.Find(program) is null) is { } missing) Skip = $"{Path.GetFileName(missing)} is not unpacked: ./dev parts";
    }

    /// <summary>
    /// The programs change users, or look for their files where a distribution has them: only the machine's administrator can run them so, in a view of the file
    /// system of their own.
    /// </summary>
    public bool NeedsRoot
    {
        get => false;
        set
        {
            if (value && Skip is null && Environment.GetEnvironmentVariable("CI") != "true" && !Environment.IsPrivilegedProcess)
                Skip = "the programs change users: only root can run them";
        }
    }
}
