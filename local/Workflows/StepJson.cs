using System.Text.Json;

namespace Maintenance.Local.Workflows;

/// <summary>Inputs and results of steps and workflows as JSON. Unlike documents, they may be null where their type says so.</summary>
internal static class StepJson
{
    public static string Write<T>(T value) => MaintenanceJson.Write(value);

    /// <exception cref="JsonException">The text is not that of a <typeparamref name="T"/>.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, MaintenanceJson.Options)!;
}
