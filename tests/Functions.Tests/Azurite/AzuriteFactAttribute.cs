namespace MaintenanceFunctions.Tests.Azurite;

/// <summary>A test against Microsoft's storage emulator, which <c>tests/Azurite/run.sh</c> starts; without it the test is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteClient.Endpoint is null ? $"{AzuriteClient.Variable} is not set: tests/Azurite/run.sh starts the emulator and sets it." : null;
}
