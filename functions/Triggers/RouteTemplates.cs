namespace MaintenanceFunctions.Triggers;

/// <summary>How routes are written for the Functions host. All are the patterns of <see cref="Maintenance.Web.Http.Routes"/>, but one.</summary>
public static class RouteTemplates
{
    /// <summary>
    /// The root, whose pattern is the empty text. The Functions host takes an empty template for none and serves the function under its name
    /// (ValidateHttpFunction in ScriptHost of Azure/azure-functions-host); "/" it would accept, but the worker puts the route prefix and a slash before it, and
    /// "//" is no template of ASP.NET Core, so that no page at all would be served. An optional value that has no character matches "/" alone (the way of
    /// Azure/Azure-Functions issue 2473). The setting <c>AzureWebJobsDisableHomepage</c> = true keeps the host's own page away.
    /// </summary>
    public const string Root = "{ignored:maxlength(0)?}";
}
