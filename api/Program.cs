using System.CommandLine;
using IspBilling.Api;

var root = new RootCommand("IspBilling: billing for internet providers.") { ServeVerb.Create(), ClusterVerb.Create(), AuditVerb.Create(), ApiKeyVerb.Create() };

// A node ends in its own order when it is told to; nothing else may cut that short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
