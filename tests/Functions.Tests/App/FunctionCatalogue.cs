using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.App;

/// <summary>A function of the app, as its attributes describe it.</summary>
internal sealed record FunctionEntry(string Name, MethodInfo Method)
{
    /// <summary>The trigger's attribute, or null where the trigger is another.</summary>
    public T? Trigger<T>()
        where T : Attribute => Method.GetParameters().Select(static parameter => parameter.GetCustomAttribute<T>()).SingleOrDefault(static trigger => trigger is not null);
}

/// <summary>All functions of the app.</summary>
internal static class FunctionCatalogue
{
    public static IReadOnlyList<FunctionEntry> All { get; } =
    [
        .. from type in typeof(FunctionCatalogue).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           select new FunctionEntry(function.Name, method),
    ];

    /// <summary>The functions that a trigger of this kind starts.</summary>
    public static IEnumerable<FunctionEntry> With<T>()
        where T : Attribute => All.Where(static function => function.Trigger<T>() is not null);

    public static FunctionEntry Named(string name) => All.Single(function => function.Name == name);
}
