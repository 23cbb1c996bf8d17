using System.CommandLine;
using IspBilling.Api;

var root = new RootCommand("IspBilling: billing for internet providers, on one machine.") { ServeVerb.Create(), AuditVerb.Create(), ApiKeyVerb.Create() };

// The host ends in its own order when it is asked to; nobody else may cut that short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
