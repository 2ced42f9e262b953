using System.Security.Cryptography;
using FsCheck.Fluent;
using Maintenance.Backups.Repository;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Repository;

/// <summary>Where contents are cut.</summary>
public sealed class ChunkingTests
{
    private const int MiB = 1024 * 1024;

    private static readonly GearTable Gear = Table(1);

    [Fact]
    public void Every_chunk_is_as_long_as_the_rules_say_and_the_average_is_near_what_they_say()
    {
        var lengths = Cuts(Chunking.Files, Gear, RepositoryBench.Noise(96 * MiB)).ToList();

        Assert.Equal(96 * MiB, lengths.Sum());
        Assert.All(lengths.SkipLast(1), length => Assert.InRange(length, Chunking.Files.Least, Chunking.Files.Most));
        Assert.InRange(lengths.Average(), 0.95 * MiB, 1.3 * MiB);
        var trees = Cuts(Chunking.Trees, Gear, RepositoryBench.Noise(16 * MiB, 2)).ToList();
        Assert.All(trees.SkipLast(1), length => Assert.InRange(length, Chunking.Trees.Least, Chunking.Trees.Most));
        Assert.InRange(trees.Average(), 50 * 1024, 110 * 1024);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    public void What_is_no_longer_than_the_least_is_not_cut(int length) => Assert.Equal(length, Chunking.Files.Cut(Gear, RepositoryBench.Noise(length)));

    [Fact]
    public void Contents_without_any_variety_are_cut_at_the_most()
    {
        // All positions have the same hash, so either each is a cut or none.
        var length = Chunking.Files.Cut(Gear, new byte[5 * MiB]);

        Assert.True(length == Chunking.Files.Most || length == Chunking.Files.Least + 1, $"{length}");
    }

    [Fact]
    public void Equal_contents_have_equal_cuts_whatever_precedes_them() =>
        Law.Holds(Gen.Choose(1, 3 * MiB), 6, static shift =>
        {
            var content = RepositoryBench.Noise(12 * MiB, 7);
            byte[] shifted = [.. RepositoryBench.Noise(shift, shift), .. content];
            var cuts = Ends(content, 0).ToHashSet();
            var moved = Ends(shifted, shift).Where(static end => end > 0).ToList();

            // Within the first chunks they find each other, and never part again.
            var met = moved.First(cuts.Contains);
            Assert.InRange(met, 1, 8 * MiB);
            Assert.Equal(cuts.Where(end => end >= met).Order(), moved.Where(end => end >= met));
        });

    [Fact]
    public void A_cut_does_not_depend_on_what_follows_the_longest_chunk()
    {
        var content = RepositoryBench.Noise(6 * MiB, 5);

        Assert.Equal(Chunking.Files.Cut(Gear, content), Chunking.Files.Cut(Gear, content.AsSpan(0, Chunking.Files.Most)));
    }

    [Fact]
    public void Another_secret_cuts_elsewhere()
    {
        var content = RepositoryBench.Noise(24 * MiB, 9);

        var one = Ends(content, 0).SkipLast(1).ToHashSet();
        var other = Cuts(Chunking.Files, Table(2), content).Aggregate((new List<int>(), 0), static (sum, length) => ([.. sum.Item1, sum.Item2 + length], sum.Item2 + length)).Item1;

        Assert.InRange(other.Count(one.Contains), 0, 1);
    }

    private static IEnumerable<int> Ends(byte[] content, int from)
    {
        var end = -from;
        foreach (var length in Cuts(Chunking.Files, Gear, content))
        {
            end += length;
            yield return end;
        }
    }

    private static IEnumerable<int> Cuts(Chunking chunking, GearTable gear, byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var length = chunking.Cut(gear, content.AsSpan(at));
            Assert.InRange(length, 1, chunking.Most);
            at += length;
            yield return length;
        }
    }

    private static GearTable Table(int seed) =>
        new(HKDF.Expand(HashAlgorithmName.SHA256, SHA256.HashData([(byte)seed]), GearTable.SeedSize, [1]));
}
