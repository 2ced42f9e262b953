using System.Reflection;
using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>
/// The signatures in tests/AzureSignatures are those members that functions/ uses, and those that its fakes need to stand in for a service: read from the compiled
/// code, member by member. What nobody uses is a guess that nothing would ever check.
/// </summary>
public sealed class SignatureTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What is there though no code names it, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Microsoft.Azure.Functions.Worker.FunctionParameter..ctor(String, Type)"] = "FunctionDefinition must name the type, and no fake has parameters to tell of.",
        ["Microsoft.DurableTask.Client.PurgeInstanceOptions..ctor(Boolean)"] = "PurgeAllInstancesAsync takes them, and nothing here has sub-orchestrations to purge.",
        ["Microsoft.DurableTask.ParentOrchestrationInstance..ctor(TaskName, String)"] = "TaskOrchestrationContext must name the type, and no workflow here has a parent.",
    };

    private static readonly Assembly Signatures = typeof(BlobContainerClient).Assembly;

    private static bool IsAgainstSignatures => Signatures.GetName().Name == "AzureSignatures";

    [Fact]
    public void No_signature_is_there_that_no_code_uses()
    {
        if (!IsAgainstSignatures)
        {
            // Compiled against the real packages, which have more than anybody uses.
            return;
        }

        var used = Used(typeof(SignatureTests).Assembly.GetTypes());

        Assert.Equal(string.Join('\n', Exceptions.Keys.Order()), string.Join('\n', Members().Where(member => !IsUsed(member, used)).Select(Name).Distinct().Order()));
    }

    [Fact]
    public void The_app_itself_uses_what_its_fakes_stand_in_for()
    {
        if (!IsAgainstSignatures)
        {
            return;
        }

        var app = Used([.. typeof(SignatureTests).Assembly.GetTypes().Where(IsOfTheApp)]);
        var types = app.Values.Select(static member => Definition(member as Type ?? member.DeclaringType!)).ToHashSet();

        // A client that only a test calls would be a service that the app does not use.
        Assert.All(Signatures.GetExportedTypes().Where(static type => type.Name.EndsWith("Client", StringComparison.Ordinal)), type =>
            Assert.True(types.Contains(type) || types.Any(type.IsAssignableFrom), $"{type} is used by tests alone."));
    }

    private static bool IsOfTheApp(Type type) =>
        type.FullName is { } name && (name.StartsWith("MaintenanceFunctions.", StringComparison.Ordinal) || name.StartsWith("Program", StringComparison.Ordinal))
        && !name.StartsWith("MaintenanceFunctions.Tests.", StringComparison.Ordinal);

    /// <summary>What the types refer to in the signatures, and what the bodies of those refer to in turn.</summary>
    private static Dictionary<(Module Module, int Token), MemberInfo> Used(IReadOnlyList<Type> types)
    {
        var used = new Dictionary<(Module, int), MemberInfo>();
        var open = new Queue<MemberInfo>(types.SelectMany(CodeReferences.Of));
        while (open.TryDequeue(out var member))
        {
            if (member.Module.Assembly == Signatures && used.TryAdd(CodeReferences.Key(member), member) && member is MethodBase method)
            {
                var definition = (MethodBase)method.Module.ResolveMethod(method.MetadataToken)!;
                foreach (var next in CodeReferences.Of(definition).Concat(definition.DeclaringType?.TypeInitializer is { } first ? CodeReferences.Of(first) : []))
                {
                    open.Enqueue(next);
                }
            }
        }

        return used;
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static IEnumerable<MemberInfo> Members() =>
        from type in Signatures.GetExportedTypes()
        where !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type)
        from member in type.GetMembers(Declared)
        where member is PropertyInfo or MethodInfo { IsSpecialName: false } or ConstructorInfo or FieldInfo || IsOperator(member)
        where IsVisible(member) && member.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !IsRequired(member)
        select member;

    private static bool IsOperator(MemberInfo member) => member is MethodInfo { IsSpecialName: true } method && method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field is { IsPublic: true, IsLiteral: false },
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        _ => false,
    };

    /// <summary>
    /// Abstract members must all be there, so that a fake that compiles here compiles against the real package too; what overrides or implements another's is no
    /// choice; a constructor without parameters is the compiler's as a rule; the parts of a record and the values of an attribute's or exception's constructor belong to it.
    /// </summary>
    private static bool IsRequired(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => constructor.GetParameters().Length == 0 || constructor.IsStatic || IsCopy(constructor),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(static accessor => IsRequired(accessor)) || IsPart(property),
        MethodInfo method => method.IsAbstract || method.GetBaseDefinition() != method || Implements(method) || IsOfEquality(method),
        _ => false,
    };

    private static bool IsCopy(ConstructorInfo constructor) => constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static bool IsPart(PropertyInfo property) => property.DeclaringType!.GetConstructors(Declared).Any(constructor =>
        constructor.GetParameters().Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)));

    private static bool Implements(MethodInfo method) =>
        method.DeclaringType is { IsInterface: false } type
        && type.GetInterfaces().Any(of => type.IsGenericTypeDefinition ? of.GetMethods().Any(one => one.Name == method.Name) : type.GetInterfaceMap(of).TargetMethods.Contains(method));

    private static bool IsOfEquality(MethodInfo method) => method.Name is "Equals" or "op_Equality" or "op_Inequality" or "Deconstruct" or "<Clone>$" or "PrintMembers";

    private static bool IsUsed(MemberInfo member, Dictionary<(Module Module, int Token), MemberInfo> used) =>
        used.ContainsKey(CodeReferences.Key(member)) || (member is MethodBase method && IsOverload(method, used)) || (member is PropertyInfo property && property.GetAccessors(nonPublic: true).Any(accessor => used.ContainsKey(CodeReferences.Key(accessor))));

    /// <summary>Of what is used, the other overloads are there too: a call must be as unambiguous here as it is against the real package.</summary>
    private static bool IsOverload(MethodBase method, Dictionary<(Module Module, int Token), MemberInfo> used) =>
        method.DeclaringType!.GetMember(method.Name, method.MemberType, Declared).Any(other => used.ContainsKey(CodeReferences.Key(other)));

    private static string Name(MemberInfo member) => member is MethodBase method
        ? $"{member.DeclaringType!.FullName}.{member.Name}({string.Join(", ", method.GetParameters().Select(static parameter => parameter.ParameterType.Name))})"
        : $"{member.DeclaringType!.FullName}.{member.Name}";
}
