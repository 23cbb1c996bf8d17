namespace IspBilling.Documents.Rendering;

public enum RenderFailure
{
    /// <summary>Node, or the packages of the renderer folder, are not installed; the message says what to run.</summary>
    NotInstalled,

    /// <summary>The queue is full; try later.</summary>
    Busy,

    /// <summary>The content or its PDF is over its limit.</summary>
    TooLarge,

    TimedOut,

    /// <summary>Two workers in a row died over the same document.</summary>
    WorkerLost,

    /// <summary>The compiler refused: the template is wrong, or the logo is no image.</summary>
    Refused,
}

public sealed class RenderException(RenderFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public RenderFailure Failure { get; } = failure;
}
