using System.CommandLine;
using IspBilling.Silo;

var root = new RootCommand("IspBilling: a worker of a cluster.") { ServeVerb.Create() };

// A node ends in its own order when it is told to; nothing else may cut that short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
