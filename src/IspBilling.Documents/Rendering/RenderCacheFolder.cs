using System.Diagnostics.CodeAnalysis;

namespace IspBilling.Documents.Rendering;

/// <summary>
/// PDF files by key, bounded by size, least recently used first to go. A file appears whole or not at all: it is written
/// beside its place and renamed. The order of use outlives a restart as the files' time of last write.
/// </summary>
internal sealed class RenderCacheFolder
{
    private const string Extension = ".pdf";
    private const string UnfinishedExtension = ".unfinished";
    private static readonly TimeSpan UnfinishedIsAbandonedAfter = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly LinkedList<Entry> _byUse = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private long _bytes;

    public RenderCacheFolder(RenderCacheOptions options, TimeProvider time)
    {
        _folder = Directory.CreateDirectory(options.Folder).FullName;
        // Clients' invoices are nobody else's business, on a shared machine too.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _maxBytes = options.MaxBytes;
        _time = time;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*" + Extension).OrderBy(file => file.LastWriteTimeUtc))
            Remember(Path.GetFileNameWithoutExtension(file.Name), file.Length);
        DropUnfinished();
    }

    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    /// <summary>Null when it is not there, or is there but damaged (a machine that lost power); then it is forgotten.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellation)
    {
        if (!Touch(key)) return null;
        try
        {
            var pdf = await File.ReadAllBytesAsync(PathOf(key), cancellation);
            if (IsWhole(pdf))
            {
                File.SetLastWriteTimeUtc(PathOf(key), _time.GetUtcNow().UtcDateTime);
                return pdf;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process, or a person, removed or protected it: the document is rendered again.
        }

        Forget(key);
        return null;
    }

    public async Task WriteAsync(string key, ReadOnlyMemory<byte> pdf, CancellationToken cancellation)
    {
        var unfinished = Path.Combine(_folder, $"{key}.{Guid.NewGuid():N}{UnfinishedExtension}");
        try
        {
            await File.WriteAllBytesAsync(unfinished, pdf, cancellation);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(unfinished, PathOf(key), overwrite: true);
        }
        catch
        {
            // Most likely the disk is full: what was written so far must not fill it further.
            Delete(unfinished);
            throw;
        }

        Remember(key, pdf.Length);
    }

    private bool Touch(string key)
    {
        lock (_lock)
        {
            return TryUse(key, out _);
        }
    }

    private bool TryUse(string key, [NotNullWhen(true)] out LinkedListNode<Entry>? node)
    {
        if (!_byKey.TryGetValue(key, out node)) return false;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return true;
    }

    private void Remember(string key, long bytes)
    {
        lock (_lock)
        {
            if (TryUse(key, out var node)) _bytes -= node.Value.Bytes;
            else _byKey[key] = node = _byUse.AddLast(new Entry(key, bytes));
            node.Value = new Entry(key, bytes);
            _bytes += bytes;
            while (_bytes > _maxBytes && _byUse.First is { } oldest) Remove(oldest);
        }
    }

    private void Forget(string key)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node)) Remove(node);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        _bytes -= node.Value.Bytes;
        Delete(PathOf(node.Value.Key));
    }

    private void DropUnfinished()
    {
        var limit = _time.GetUtcNow().UtcDateTime - UnfinishedIsAbandonedAfter;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*" + UnfinishedExtension))
        {
            if (file.LastWriteTimeUtc < limit) file.Delete();
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays until the next start counts it again; the document at hand does not depend on it.
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + Extension);

    private static bool IsWhole(ReadOnlySpan<byte> pdf) =>
        pdf.StartsWith("%PDF-"u8) && pdf[^Math.Min(pdf.Length, 32)..].IndexOf("%%EOF"u8) >= 0;

    private readonly record struct Entry(string Key, long Bytes);
}
