namespace IspBilling.Hosting;

/// <summary>A node as the program of a process: starts, says how it is reached, serves until it is told to stop.</summary>
public static class NodeProgram
{
    /// <param name="read">Reads the settings; what is wrong with them is told like every other reason not to start.</param>
    /// <param name="attached">Stops when the standard input ends, as it does with the process at its other end.</param>
    /// <param name="play">What is still to be done when it answers; null when nothing is.</param>
    /// <returns>The exit code, see <see cref="StartFailure"/>.</returns>
    public static Task<int> Run(
        Func<HostSettings> read, NodeRole role, bool attached, Func<BillingNode, CancellationToken, Task>? play, CancellationToken cancellation) =>
        StartFailure.Guard(async () =>
        {
            await using var node = await BillingNode.Start(read(), role, cancellation);
            foreach (var line in node.Greeting) Console.WriteLine(line);
            if (attached) _ = StopWithInput(node);
            if (play is not null) await UntilStopped(play, node);
            await node.WaitForShutdown(cancellation);
            return node.HasLostDatabase ? StartFailure.Failed : StartFailure.Success;
        });

    private static async Task UntilStopped(Func<BillingNode, CancellationToken, Task> play, BillingNode node)
    {
        try
        {
            await play(node, node.Stopping);
        }
        catch (OperationCanceledException) when (node.Stopping.IsCancellationRequested)
        {
            // Told to stop before it was done: it is done at the next start.
        }
    }

    private static async Task StopWithInput(BillingNode node)
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        node.BeginStop();
    }
}
