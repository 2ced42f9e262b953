using System.Globalization;

namespace Maintenance.Storage;

/// <summary>
/// Running numbers that people can say aloud (<c>T-1042</c>). A number is claimed by what it is for, so asking twice for the same thing gives the same number;
/// a crash may leave a hole, never a double.
/// </summary>
public sealed class NumberSeries(IRecordStore records)
{
    private const int First = 1001;

    /// <summary>The number of <paramref name="key"/> in the series, given now unless it has one.</summary>
    public async Task<int> ClaimAsync(string series, string key, CancellationToken cancellation)
    {
        var claim = "claim_" + RecordKeys.Encode(key);
        if (await records.FindAsync<Claim>(Tables.Numbers, series, claim, cancellation) is { } earlier)
        {
            return earlier.Value.Number;
        }

        while (true)
        {
            var next = await records.FindAsync<Claim>(Tables.Numbers, series, "next", cancellation);
            var number = next?.Value.Number ?? First;
            var counter = MaintenanceJson.Write(new Claim(number + 1));
            try
            {
                // One batch: the number is taken and given in the same instant.
                await records.WriteAsync(
                    Tables.Numbers,
                    series,
                    [
                        next is null ? RecordWrite.Insert("next", counter) : RecordWrite.Replace("next", counter, next.ETag),
                        RecordWrite.Insert(claim, MaintenanceJson.Write(new Claim(number))),
                    ],
                    cancellation);
                return number;
            }
            catch (RecordConflictException)
            {
                if (await records.FindAsync<Claim>(Tables.Numbers, series, claim, cancellation) is { } raced)
                {
                    return raced.Value.Number;
                }
            }
        }
    }

    /// <summary>A number as part of a row key whose ordinal order is the order of the numbers.</summary>
    public static string Key(int number) => number.ToString("D10", CultureInfo.InvariantCulture);

    private sealed record Claim(int Number);
}
