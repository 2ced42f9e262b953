using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Resources;

/// <summary>How what people record is called.</summary>
internal static class RecordNames
{
    private const int Bytes = 6;

    /// <summary>Twelve digits: of who sent it and their key, so that what is sent again has the same; by chance where there is no key.</summary>
    public static string Hash(string by, string? key) =>
        Convert.ToHexStringLower(key is null ? RandomNumberGenerator.GetBytes(Bytes) : SHA256.HashData(Encoding.UTF8.GetBytes($"{by}\n{key}")).AsSpan(0, Bytes));
}
