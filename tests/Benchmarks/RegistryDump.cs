using System.Globalization;
using System.Text;
using static Maintenance.Benchmarks.RegistryVocabulary;

namespace Maintenance.Benchmarks;

/// <summary>
/// A generated dump of a civil registry, 1 GB: births, deaths and marriages as lines of JSON, and the same kind of records as SQL. It compresses as such dumps do:
/// to about 0.24 of its size with zstd at level 3. The changed dump has 1 % of the records amended (a name, a remark), all of them in the middle fifth of each file.
/// </summary>
internal static class RegistryDump
{
    private const long Bytes = 1_000_000_000;
    private const double Amended = 0.01;

    private const string Statement =
        "INSERT INTO person (id, nin, family, given, sex, born, birthplace, district, mother_nin, father_nin, phone, household, occupation, registered, clerk, version, state) VALUES\n";

    /// <summary>The files, and which part of the whole each is.</summary>
    private static readonly (string Name, double Share, Func<SeededNumbers, long, bool, string> Record)[] Files =
    [
        ("births.jsonl", 0.30, Birth),
        ("deaths.jsonl", 0.12, Death),
        ("marriages.jsonl", 0.08, Marriage),
        ("registry.sql", 0.50, Row),
    ];

    public static void Make(string folder, ulong seed, double scale, bool changed)
    {
        var (records, amended, bytes) = (0L, 0L, 0L);
        foreach (var (name, share, record) in Files)
        {
            var wanted = (long)(Bytes * scale * share);
            using var file = new StreamWriter(Path.Join(folder, name), append: false, new UTF8Encoding(false), 1 << 20);
            var stream = SeededNumbers.HashOf(seed, name);
            var chances = new SeededNumbers(seed, stream + 1);
            var written = 0L;
            for (var number = 1L; written < wanted; number++)
            {
                // What the record was decides where it stands, so that both dumps amend and end at the same records.
                var before = record(new SeededNumbers(stream, (ulong)number), number, false);
                var middle = written >= wanted * 0.4 && written < wanted * 0.6;
                var amends = changed && middle && chances.Happens(Amended * 5);
                file.Write(amends ? record(new SeededNumbers(stream, (ulong)number), number, true) : before);
                written += before.Length;
                records++;
                amended += amends ? 1 : 0;
            }

            file.Flush();
            bytes += file.BaseStream.Length;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(changed ? "dump-changed" : "dump")}: {Files.Length} files, {bytes / 1e6:0} MB, {records} records{(changed ? $", {amended} amended" : "")}"));
    }

    private static string Birth(SeededNumbers numbers, long number, bool amended)
    {
        var correction = numbers;
        var day = Day(number, 1_100);
        var girl = numbers.Happens(0.49);
        var family = numbers.OneOf(Families);
        var born = day.AddMinutes(-numbers.Below(60 * 24 * 40));
        return Sealed(ref numbers, $$"""
            {"entry":"B-{{day:yyyy}}-{{number:00000000}}","act":"birth","registeredAt":"{{day:yyyy-MM-ddTHH:mm:ssZ}}",
            "office":"{{numbers.OneOf(Places)}}","district":"{{numbers.OneOf(Districts)}}",
            "child":{"nin":"{{Nin(ref numbers, day.Year)}}","given":"{{numbers.OneOf(girl ? Women : Men)}}",
            "family":"{{(amended ? correction.OneOf(Families) : family)}}","sex":"{{(girl ? 'F' : 'M')}}",
            "bornAt":"{{born:yyyy-MM-ddTHH:mmZ}}","weightGrams":{{numbers.Between(210, 430) * 10}},"place":"{{numbers.OneOf(Facilities)}}"},
            "mother":{{Person(ref numbers, Women, numbers.OneOf(Families), day.Year - 31)}},
            "father":{{(numbers.Happens(0.12) ? "null" : Person(ref numbers, Men, family, day.Year - 36))}},
            "informant":"{{(numbers.Happens(0.6) ? "mother" : numbers.Happens(0.7) ? "father" : "facility")}}","remarks":{{Remark(ref numbers, amended)}}
            """);
    }

    private static string Death(SeededNumbers numbers, long number, bool amended)
    {
        var day = Day(number, 440);
        var woman = numbers.Happens(0.48);
        return Sealed(ref numbers, $$"""
            {"entry":"D-{{day:yyyy}}-{{number:00000000}}","act":"death","registeredAt":"{{day:yyyy-MM-ddTHH:mm:ssZ}}",
            "office":"{{numbers.OneOf(Places)}}","district":"{{numbers.OneOf(Districts)}}",
            "deceased":{{Person(ref numbers, woman ? Women : Men, numbers.OneOf(Families), day.Year - 64)}},
            "diedAt":"{{day.AddMinutes(-numbers.Below(60 * 24 * 20)):yyyy-MM-ddTHH:mmZ}}","place":"{{numbers.OneOf(Facilities)}}",
            "cause":"{{numbers.OneOf(Causes)}}.{{numbers.Below(10)}}",
            "informant":{{Person(ref numbers, Men, numbers.OneOf(Families), day.Year - 40)}},
            "burialPermit":"{{numbers.Below(1_000_000):000000}}","remarks":{{Remark(ref numbers, amended)}}
            """);
    }

    private static string Marriage(SeededNumbers numbers, long number, bool amended)
    {
        var day = Day(number, 260);
        return Sealed(ref numbers, $$"""
            {"entry":"M-{{day:yyyy}}-{{number:00000000}}","act":"marriage","registeredAt":"{{day:yyyy-MM-ddTHH:mm:ssZ}}",
            "office":"{{numbers.OneOf(Places)}}","district":"{{numbers.OneOf(Districts)}}",
            "groom":{{Person(ref numbers, Men, numbers.OneOf(Families), day.Year - 30)}},
            "bride":{{Person(ref numbers, Women, numbers.OneOf(Families), day.Year - 27)}},
            "witnesses":["{{numbers.OneOf(Men)}} {{numbers.OneOf(Families)}}","{{numbers.OneOf(Women)}} {{numbers.OneOf(Families)}}"],
            "licence":"{{numbers.Below(1_000_000):000000}}","remarks":{{Remark(ref numbers, amended)}}
            """);
    }

    /// <summary>One row of SQL; every 400 of them one statement.</summary>
    private static string Row(SeededNumbers numbers, long number, bool amended)
    {
        var woman = numbers.Happens(0.5);
        var day = Day(number, 3_000);
        var family = numbers.OneOf(Families).Replace("'", "''", StringComparison.Ordinal);
        var row = $"""
            ({number}, '{Nin(ref numbers)}', '{(amended ? "Corrected-" : "")}{family}',
            '{numbers.OneOf(woman ? Women : Men)} {numbers.OneOf(woman ? Women : Men)}', '{(woman ? 'F' : 'M')}',
            '{day.AddDays(-numbers.Below(25_000)):yyyy-MM-dd}', '{numbers.OneOf(Places)}', '{numbers.OneOf(Districts)}',
            {(numbers.Happens(0.4) ? "NULL" : $"'{Nin(ref numbers)}'")}, {(numbers.Happens(0.5) ? "NULL" : $"'{Nin(ref numbers)}'")},
            {(numbers.Happens(0.5) ? "NULL" : $"'+2557{numbers.Below(100_000_000):00000000}'")},
            {numbers.Below(4_000_000)}, '{numbers.OneOf(Occupations)}', '{day:yyyy-MM-dd HH:mm:ss+00}', 'clerk{numbers.Below(60):00}', {(amended ? 2 : 1)}, 'registered')
            """.Replace('\n', ' ');
        return $"{(number % 400 == 1 ? Statement : "")}{row}{(number % 400 == 0 ? ";" : ",")}\n";
    }

    private static string Person(ref SeededNumbers numbers, string[] given, string family, int year) => $$"""
        {"nin":"{{Nin(ref numbers)}}","given":"{{numbers.OneOf(given)}}","family":"{{family}}",
        "born":"{{year + numbers.Between(-12, 12):0000}}-{{numbers.Between(1, 12):00}}-{{numbers.Between(1, 28):00}}",
        "occupation":"{{numbers.OneOf(Occupations)}}","residence":"{{numbers.OneOf(Places)}}"}
        """;

    /// <summary>A national identity number: the year it was given, and ten digits.</summary>
    private static string Nin(ref SeededNumbers numbers, int? year = null) =>
        $"{year ?? numbers.Between(1961, 2024)}-{numbers.Below(100_000):00000}-{numbers.Below(100_000):00000}";

    private static string Remark(ref SeededNumbers numbers, bool amended)
    {
        var correction = numbers;
        var remark = numbers.Happens(0.7) ? "null" : $"\"{numbers.OneOf(Remarks)}\"";
        return amended ? $"\"corrected on request, order {correction.Below(100_000):00000}\"" : remark;
    }

    /// <summary>A record with its end, as one line of JSON: above it is written over several.</summary>
    private static string Sealed(ref SeededNumbers numbers, string record) => $$"""
        {{record}},
        "registrar":"R{{numbers.Below(300):000}}","book":{{numbers.Between(1, 900)}},"page":{{numbers.Between(1, 200)}},
        "seal":"{{numbers.Next():x16}}{{numbers.Next():x16}}"}
        """.Replace("\n", "", StringComparison.Ordinal) + "\n";

    /// <summary>Records come in the order of their days.</summary>
    private static DateTime Day(long number, int aDay) =>
        new DateTime(2016, 1, 4, 7, 0, 0, DateTimeKind.Utc).AddDays(number / aDay).AddSeconds(number % aDay * 36_000 / aDay);
}
