using System.Reflection;
using System.Reflection.Emit;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>What compiled code refers to: the tokens of its instructions, and the named arguments of its attributes.</summary>
internal static class CodeReferences
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>The members that the methods of a type name, and those of other types that its methods override.</summary>
    public static IEnumerable<MemberInfo> Of(Type type) =>
        type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(Of)
            .Concat(type.GetMethods(All).Where(static method => method.IsVirtual).SelectMany(Overridden))
            .Concat(Attributes(type));

    /// <summary>The members that a method's instructions name.</summary>
    public static IEnumerable<MemberInfo> Of(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        var ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        var ofMethod = method is { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at++] is var first && first == 0xFE ? (short)(0xFE00 | code[at++]) : (short)first;
            var operand = Codes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType
                && method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod) is { } member)
            {
                yield return member;
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    /// <summary>The same member of the same definition, whatever it was constructed with.</summary>
    public static (Module Module, int Token) Key(MemberInfo member) => (member.Module, member.MetadataToken);

    private static IEnumerable<MemberInfo> Overridden(MethodInfo method)
    {
        for (var of = method.DeclaringType!.BaseType; of is not null; of = of.BaseType)
        {
            var definition = method.GetBaseDefinition();
            foreach (var candidate in of.GetMethods(All).Where(candidate => candidate.IsVirtual && candidate.Name == method.Name && candidate.GetBaseDefinition() == definition))
            {
                yield return candidate;
            }
        }
    }

    private static IEnumerable<MemberInfo> Attributes(Type type)
    {
        var parts = type.GetMembers(All).Cast<ICustomAttributeProvider>().Append(type)
            .Concat(type.GetMethods(All).SelectMany(static method => method.GetParameters()));
        foreach (var attribute in parts.SelectMany(Data))
        {
            yield return attribute.Constructor;
            foreach (var named in attribute.NamedArguments)
            {
                yield return named.MemberInfo;
            }
        }
    }

    private static IList<CustomAttributeData> Data(ICustomAttributeProvider part) =>
        part is ParameterInfo parameter ? parameter.GetCustomAttributesData() : ((MemberInfo)part).GetCustomAttributesData();
}
