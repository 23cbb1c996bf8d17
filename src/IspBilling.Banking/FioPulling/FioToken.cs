namespace IspBilling.Banking.FioPulling;

/// <summary>
/// The secret that opens one account for reading. It stands in the address of every call, so nothing here logs an address or puts one
/// into an exception.
/// </summary>
public sealed class FioToken
{
    private const int LengthMin = 32;
    private const int LengthMax = 128;
    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private FioToken(string text) => Text = text;

    internal string Text { get; }

    /// <summary>Reads a file that only its owner can read (mode 0600).</summary>
    /// <exception cref="FioTokenException">Others may read the file, or it holds no token.</exception>
    public static FioToken FromFile(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMay) != UnixFileMode.None)
            throw new FioTokenException($"{path}: others than its owner may use this file; set its mode to 0600.");
        return Parse(File.ReadAllText(path).Trim())
            ?? throw new FioTokenException($"{path}: a token of {LengthMin} to {LengthMax} letters and digits expected, and nothing else.");
    }

    /// <summary>Null for what cannot be a token.</summary>
    public static FioToken? Parse(string text) =>
        text.Length is >= LengthMin and <= LengthMax && text.All(char.IsAsciiLetterOrDigit) ? new FioToken(text) : null;

    /// <summary>Never the secret: this is what a log would show.</summary>
    public override string ToString() => "Fio token (secret)";
}

/// <summary>The token cannot be used; the message names the file and never its content.</summary>
public sealed class FioTokenException(string message) : Exception(message);
