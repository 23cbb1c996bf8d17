using IspBilling.LoadTests;

return await LoadCommands.Create().Parse(args).InvokeAsync();
