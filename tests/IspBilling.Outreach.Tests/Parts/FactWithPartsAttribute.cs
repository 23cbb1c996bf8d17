namespace IspBilling.Outreach.Tests.Parts;

/// <summary>
/// A test against a real program that <c>./dev parts</c> unpacks into a folder of the project's own. Where it is missing the test is skipped,
/// visibly; with <c>CI=true</c> it runs, and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithPartsAttribute : FactAttribute
{
    public FactWithPartsAttribute(string program)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && UnpackedParts.Find(program) is null) Skip = $"{Path.GetFileName(program)} is not unpacked: ./dev parts";
    }
}
