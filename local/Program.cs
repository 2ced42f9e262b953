using Maintenance.Local.Cli;

return await CommandLine.RunAsync(args);
