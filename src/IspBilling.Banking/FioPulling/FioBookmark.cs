using System.Globalization;

namespace IspBilling.Banking.FioPulling;

/// <summary>The last movement that was taken in, in a file: the bank's own mark moves before anything has arrived here.</summary>
public sealed class FioBookmark(string path)
{
    /// <summary>Null before the first movement.</summary>
    /// <exception cref="FormatException">The file holds something else; nobody guesses where to go on.</exception>
    public long? Read()
    {
        if (!File.Exists(path)) return null;
        var text = File.ReadAllText(path).Trim();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var movement)
            ? movement
            : throw new FormatException($"{path}: a movement id of digits expected, found {Printable.Quote(text)}.");
    }

    /// <summary>Whole or not at all.</summary>
    public void Write(long movement)
    {
        var written = path + ".new";
        File.WriteAllText(written, movement.ToString(CultureInfo.InvariantCulture));
        File.Move(written, path, overwrite: true);
    }
}
