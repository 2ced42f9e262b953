using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>Checks tables of versions: one step after another, the spellings of one version between equals signs.</summary>
internal static class OrderTable
{
    /// <summary>Each version is compared with each other one, both ways round: <c>1.0-rc = 1rc &lt; 1.0</c>.</summary>
    public static void Holds(Ecosystem ecosystem, string table)
    {
        var steps = table.Split('<', StringSplitOptions.TrimEntries).Select(static step => step.Split('=', StringSplitOptions.TrimEntries)).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            for (var j = 0; j < steps.Count; j++)
            {
                foreach (var (left, right) in steps[i].SelectMany(left => steps[j].Select(right => (left, right))))
                {
                    var order = VersionOrder.Compare(ecosystem, left, right);
                    Assert.True(order == Math.Sign(i.CompareTo(j)), $"{left} and {right}: {order?.ToString() ?? "unknown"}");
                }
            }
        }
    }

    /// <summary>Each is refused, and in words.</summary>
    public static void AreRefused(Ecosystem ecosystem, params string[] texts) => Assert.All(texts, text =>
    {
        Assert.False(VersionOrder.TryRead(ecosystem, text, out var error), text);
        Assert.EndsWith(".", error);
        Assert.Null(VersionOrder.Compare(ecosystem, text, text + "x"));
    });

    /// <summary>Each is taken in.</summary>
    public static void AreRead(Ecosystem ecosystem, params string[] texts) => Assert.All(texts, text =>
        Assert.True(VersionOrder.TryRead(ecosystem, text, out var error), $"{text}: {error}"));
}
