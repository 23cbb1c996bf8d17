using System.CommandLine;
using IspBilling.Silo;

var root = new RootCommand("IspBilling: billing for internet providers, on many machines.") { ServeVerb.Create(), ClusterVerb.Create() };

// The node ends in its own order when it is asked to; nobody else may cut that short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
