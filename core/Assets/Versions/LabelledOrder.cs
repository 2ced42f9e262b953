namespace Maintenance.Assets.Versions;

/// <summary>The order that NuGet and Semantic Versioning have in common: by numbers, a pre-release before its release, then label by label.</summary>
internal static class LabelledOrder
{
    /// <summary>Below zero, zero or above zero, as the first comes before, with or after the second.</summary>
    /// <param name="left">As many numbers as <paramref name="right"/> has, and the labels behind the hyphen.</param>
    /// <param name="right">The other one.</param>
    /// <param name="compareLabels">How two labels are compared: in this they differ. Where all are the same, the longer list comes after.</param>
    public static int Compare((IReadOnlyList<string> Numbers, IReadOnlyList<string> Labels) left, (IReadOnlyList<string> Numbers, IReadOnlyList<string> Labels) right, Func<string, string, int> compareLabels)
    {
        for (var i = 0; i < left.Numbers.Count; i++)
        {
            if (Digits.Compare(left.Numbers[i], right.Numbers[i]) is not 0 and var order)
            {
                return order;
            }
        }

        if (left.Labels.Count == 0 || right.Labels.Count == 0)
        {
            return (left.Labels.Count == 0).CompareTo(right.Labels.Count == 0);
        }

        for (var i = 0; i < Math.Min(left.Labels.Count, right.Labels.Count); i++)
        {
            if (compareLabels(left.Labels[i], right.Labels[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return left.Labels.Count.CompareTo(right.Labels.Count);
    }
}
