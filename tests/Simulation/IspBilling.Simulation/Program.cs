using System.CommandLine;
using System.Diagnostics;
using IspBilling.Simulation;
using IspBilling.Simulation.Faults;

var seeds = new Option<int>("--seeds") { Description = "how many seeds", DefaultValueFactory = _ => 1_000 };
var from = new Option<ulong>("--from") { Description = "the first seed", DefaultValueFactory = _ => 1 };
var only = new Option<ulong?>("--seed") { Description = "only this seed, with the end of its trace" };
var trace = new Option<bool>("--trace") { Description = "with --seed: every line of the trace" };
var simulate = new RootCommand("Simulates providers in a hostile world and audits every step; one seed decides everything.") { seeds, from, only, trace };
simulate.SetAction(parsed => parsed.GetValue(only) is { } seed ? RunOne(seed, parsed.GetValue(trace)) : RunMany(parsed.GetValue(from), parsed.GetValue(seeds)));
return simulate.Parse(args).Invoke();

static int RunOne(ulong seed, bool trace)
{
    var result = Simulator.Run(seed, listener: trace ? Console.WriteLine : null);
    Console.WriteLine(result);
    Console.WriteLine($"trace {result.TraceHash:x16}, {result.Steps} steps; {result.Faults}");
    return result.IsClean ? 0 : 1;
}

static int RunMany(ulong from, int count)
{
    var (faults, failed, done, commits) = (new FaultCounts(), new List<ulong>(), 0, 0L);
    var started = Stopwatch.GetTimestamp();
    Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
    {
        var result = Simulator.Run(from + (ulong)index);
        lock (faults)
        {
            faults.Add(result.Faults);
            commits += result.Commits;
            done++;
            if (!result.IsClean)
            {
                failed.Add(result.Seed);
                Console.WriteLine(result);
                Console.WriteLine($"again with: ./dev simulate --seed {result.Seed}");
            }

            if (done % 100 == 0) Console.WriteLine($"{done} of {count} seeds, {failed.Count} failed, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        }
    });
    Console.WriteLine($"{count} seeds from {from}: {commits} commits audited in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; {faults}");
    failed.Sort();
    Console.WriteLine(failed.Count == 0 ? "all clean" : $"FAILED: {string.Join(", ", failed)}");
    return failed.Count == 0 ? 0 : 1;
}
