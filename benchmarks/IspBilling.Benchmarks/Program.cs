using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using IspBilling.Benchmarks;

// In this process: a project generated beside ours would not build under our rules, and would run with other memory settings.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(10))
    .WithArtifactsPath(Path.Combine(".data", "benchmarks"));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(HotPaths).Assembly).Run(args, config);
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
