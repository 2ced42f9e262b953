namespace Maintenance;

/// <summary>The roles that the system itself knows. Any other role of the plan's people counts where the plan names it.</summary>
public static class Roles
{
    /// <summary>May do everything that is not a vote: run, restore and verify backups, re-send dead letters, request patches, work tickets.</summary>
    public const string Administrator = "administrator";

    /// <summary>May work tickets.</summary>
    public const string Support = "support";
}
