using IspBilling.Http.Contract;

namespace IspBilling.Http.Statements;

/// <summary>
/// How many files are received at once. Each may grow as large as a statement may be, so that their number bounds what uploads can take of the
/// disk before anybody has looked into one.
/// </summary>
internal sealed class UploadPlaces(HttpLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _places = new(limits.UploadsAtOnce, limits.UploadsAtOnce);

    /// <summary>A place until it is disposed; null when all are taken.</summary>
    public IDisposable? TryTake() => _places.Wait(0) ? new Place(_places) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
