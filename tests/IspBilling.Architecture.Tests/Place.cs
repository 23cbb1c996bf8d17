namespace IspBilling.Architecture.Tests;

/// <summary>Where a source file lives.</summary>
/// <param name="Folder">The first folder below the project's own; <see cref="Root"/> for a file beside the project file.</param>
internal readonly record struct Place(string Project, string Folder, string Path)
{
    public const string Root = "(root)";
}
