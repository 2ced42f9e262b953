using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>The part of OData that a range of keys needs: comparisons with quoted text, joined by <c>and</c>. Anything else is answered as the service does, with 400.</summary>
internal static partial class ODataFilter
{
    public static Func<TableEntity, bool> Parse(string filter)
    {
        if (!Whole().IsMatch(filter))
        {
            throw new RequestFailedException(400, $"The filter is not valid: {filter}", "InvalidInput", null);
        }

        var terms = Term().Matches(filter).Select(term => Compare(
            term.Groups["key"].Value, term.Groups["op"].Value, term.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal))).ToList();
        return row => terms.TrueForAll(term => term(row));
    }

    private static Func<TableEntity, bool> Compare(string key, string op, string text) => row =>
    {
        var order = string.CompareOrdinal(key == "PartitionKey" ? row.PartitionKey : row.RowKey, text);
        return op switch { "eq" => order == 0, "ge" => order >= 0, _ => order < 0 };
    };

    [GeneratedRegex("^(?:(?:PartitionKey|RowKey) (?:eq|ge|lt) '(?:[^']|'')*'(?: and (?!$)|$))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex("(?<key>PartitionKey|RowKey) (?<op>eq|ge|lt) '(?<text>([^']|'')*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}
