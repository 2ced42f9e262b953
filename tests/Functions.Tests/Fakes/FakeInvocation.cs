using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>The invocation of an activity: its name, and the workflow instance as the trigger gives it.</summary>
internal sealed class FakeInvocation(string function, string? instance) : FunctionContext
{
    public override string InvocationId => "invocation-1";

    public override string FunctionId => function;

    public override TraceContext TraceContext => throw new NotSupportedException();

    public override BindingContext BindingContext { get; } = new Binding(instance);

    public override RetryContext RetryContext => throw new NotSupportedException();

    public override IServiceProvider InstanceServices { get; set; } = null!;

    public override FunctionDefinition FunctionDefinition { get; } = new Definition(function);

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => throw new NotSupportedException();

    private sealed class Binding(string? instance) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } =
            instance is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["instanceId"] = instance };
    }

    private sealed class Definition(string name) : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => "";

        public override string EntryPoint => "";

        public override string Id => name;

        public override string Name => name;

        public override IImmutableDictionary<string, BindingMetadata> InputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }
}
