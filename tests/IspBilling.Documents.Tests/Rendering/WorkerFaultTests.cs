using System.Diagnostics;
using System.Text;
using IspBilling.Documents.Rendering;
using IspBilling.Documents.Tests.Support;

namespace IspBilling.Documents.Tests.Rendering;

public sealed class WorkerFaultTests
{
    private const string Half = "writeSync(1, Buffer.concat([head('PDF1', 1000), Buffer.from('%PDF-1.7 and no more')])); die();";

    [RendererFact]
    public async Task A_document_whose_worker_dies_midway_is_rendered_by_another()
    {
        using var worker = new FakeWorker($"if (nth === 1) {{ {Half} }} else reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options);
        Assert.Equal("whole", Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
        Assert.Equal(2, worker.Served);
    }

    [RendererFact]
    public async Task A_document_that_kills_two_workers_fails_and_the_next_one_renders()
    {
        using var worker = new FakeWorker($"if (nth <= 2) {{ console.error('out of memory'); {Half} }} else reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options);
        var lost = await Failure(renderer, RenderFailure.WorkerLost);
        Assert.Contains("ended", lost.Message, StringComparison.Ordinal);
        Assert.Equal("whole", Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
        Assert.Equal(3, worker.Served);
    }

    [RendererFact]
    public async Task A_worker_that_hangs_is_killed_and_its_document_is_not_tried_again()
    {
        using var worker = new FakeWorker("if (nth > 1) reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options with { RenderTimeout = TimeSpan.FromSeconds(3) });
        await Failure(renderer, RenderFailure.TimedOut);
        Assert.Equal(1, worker.Served);
        Assert.Equal("whole", Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
    }

    [RendererFact]
    public async Task A_worker_that_prints_what_is_no_answer_is_replaced()
    {
        using var worker = new FakeWorker("if (nth === 1) console.log('a warning of some library'); reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options);
        Assert.Equal("whole", Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
        Assert.Equal(2, worker.Served);
    }

    [RendererFact]
    public async Task A_refused_document_leaves_its_worker_in_service()
    {
        using var worker = new FakeWorker("if (nth === 1) reply('ERR1', 'unknown font'); else reply('PDF1', String(process.pid));");
        await using var renderer = new TypstRenderer(worker.Options);
        var refused = await Failure(renderer, RenderFailure.Refused);
        Assert.Contains("unknown font", refused.Message, StringComparison.Ordinal);
        var before = renderer.WorkerProcessIds.Single();
        Assert.Equal(before.ToString(), Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
    }

    [RendererFact]
    public async Task Content_and_PDF_over_their_limits_are_refused()
    {
        using var worker = new FakeWorker("reply('PDF1', 'x'.repeat(101));");
        await using var large = new TypstRenderer(worker.Options with { MaxOutputBytes = 100 });
        await Failure(large, RenderFailure.TooLarge);
        await using var small = new TypstRenderer(worker.Options with { MaxInputBytes = 100 });
        await Failure(small, RenderFailure.TooLarge);
        Assert.Equal(1, worker.Served);
    }

    [RendererFact]
    public async Task A_full_queue_refuses_at_once()
    {
        using var worker = new FakeWorker("if (nth === 1) await new Promise(() => setInterval(() => {}, 1000)); reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options with { QueueLimit = 1 });
        var hanging = renderer.RenderAsync(SampleInvoices.Czech, default);
        while (worker.Served == 0) await Task.Delay(10);
        var waiting = renderer.RenderAsync(SampleInvoices.Czech, default);
        await Failure(renderer, RenderFailure.Busy);

        await renderer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => hanging);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [RendererFact]
    public async Task A_document_nobody_waits_for_any_more_is_not_rendered()
    {
        using var worker = new FakeWorker("await released(); reply('PDF1', 'whole');");
        await using var renderer = new TypstRenderer(worker.Options);
        using var cancellation = new CancellationTokenSource();
        var first = renderer.RenderAsync(SampleInvoices.Czech, default);
        while (worker.Served == 0) await Task.Delay(10);
        var abandoned = renderer.RenderAsync(SampleInvoices.Czech, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        worker.Release();
        await first;
        await renderer.RenderAsync(SampleInvoices.Czech, default);
        Assert.Equal(2, worker.Served);
    }

    [RendererFact]
    public async Task A_worker_is_replaced_when_it_has_served_long_enough()
    {
        using var worker = new FakeWorker("reply('PDF1', String(process.pid));");
        await using var renderer = new TypstRenderer(worker.Options with { RendersPerWorker = 2 });
        var processes = new List<string>();
        for (var i = 0; i < 4; i++) processes.Add(Text(await renderer.RenderAsync(SampleInvoices.Czech, default)));
        Assert.Equal(processes[0], processes[1]);
        Assert.NotEqual(processes[1], processes[2]);
        Assert.Equal(processes[2], processes[3]);
    }

    [RendererFact]
    public async Task No_process_is_left_behind()
    {
        using var worker = new FakeWorker("reply('PDF1', String(process.pid));");
        var renderer = new TypstRenderer(worker.Options);
        var process = Process.GetProcessById(int.Parse(Text(await renderer.RenderAsync(SampleInvoices.Czech, default))));
        await renderer.DisposeAsync();
        await process.WaitForExitAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => renderer.RenderAsync(SampleInvoices.Czech, default));
    }

    [RendererFact]
    public async Task A_worker_ends_with_its_owner()
    {
        var folder = RendererFolder.Locate(null);
        var start = new ProcessStartInfo("node", [folder.Worker, folder.Templates, folder.NodeModules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        await process.StandardOutput.BaseStream.ReadExactlyAsync(new byte[8]);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [RendererFact]
    public async Task Without_Node_the_error_says_what_is_needed()
    {
        using var worker = new FakeWorker("");
        await using var renderer = new TypstRenderer(worker.Options with { NodeExecutable = "no-such-node" });
        var missing = await Failure(renderer, RenderFailure.NotInstalled);
        Assert.Contains("Node.js 20", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_very_many_lines_has_the_time_it_takes() =>
        Assert.Equal([TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(180)], new[] { 100_000, 5 * 1024 * 1024 }.Select(new TypstRendererOptions().TimeoutFor));

    [Fact]
    public void Without_its_packages_the_error_is_the_command_to_run()
    {
        using var folder = new TemporaryFolder();
        var missing = Assert.Throws<RenderException>(() => new TypstRenderer(new TypstRendererOptions { Folder = folder.Path }));
        Assert.Equal(RenderFailure.NotInstalled, missing.Failure);
        Assert.EndsWith($"Run: npm ci --prefix \"{folder.Path}\"", missing.Message, StringComparison.Ordinal);
    }

    private static async Task<RenderException> Failure(TypstRenderer renderer, RenderFailure failure)
    {
        var exception = await Assert.ThrowsAsync<RenderException>(() => renderer.RenderAsync(SampleInvoices.Czech, default));
        Assert.Equal(failure, exception.Failure);
        return exception;
    }

    private static string Text(ReadOnlyMemory<byte> answer) => Encoding.UTF8.GetString(answer.Span);
}
