using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Repository;

/// <summary>What is written is read back, and what is not whole is refused with the one exception that readers expect.</summary>
public sealed class FormatTests
{
    private static readonly RepositoryKeys Keys = new(RepositoryBench.Noise(RepositoryKeys.KeySize));

    private static Gen<Random> Randoms => Gen.Choose(0, int.MaxValue).Select(static seed => new Random(seed));

    [Fact]
    public void Fields_come_back_and_every_truncation_is_refused() =>
        Law.Holds(Randoms, 300, static random =>
        {
            var (number, fixed64) = ((ulong)random.NextInt64() >> random.Next(64), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
            var text = Encoding.UTF8.GetBytes(new string('ä', random.Next(200)));
            var (chunk, pack) = (Chunk(random), PackId.New());
            var fields = new FieldWriter();
            fields.Byte(7);
            fields.Number(number);
            fields.Fixed64(fixed64);
            fields.Text(text);
            fields.Chunk(chunk);
            fields.Pack(pack);
            fields.Number(ulong.MaxValue);
            var written = fields.Written.ToArray();

            var reader = new FieldReader(written);
            Assert.Equal(7, reader.Byte());
            Assert.Equal(number, reader.Number());
            Assert.Equal(fixed64, reader.Fixed64());
            Assert.Equal(text, reader.Text().ToArray());
            Assert.Equal(chunk, reader.Chunk());
            Assert.Equal(pack, reader.Pack());
            Assert.Equal(ulong.MaxValue, reader.Number());
            Assert.True(reader.IsAtEnd);
            Assert.Throws<InvalidDataException>(() => ReadAll(written[..random.Next(written.Length)]));
        });

    [Fact]
    public void A_number_of_more_than_64_bits_or_more_than_it_may_be_is_refused()
    {
        Assert.Throws<InvalidDataException>(static () => new FieldReader([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]).Number());
        Assert.Throws<InvalidDataException>(static () => new FieldReader([100]).Count(99));
        Assert.Throws<InvalidDataException>(static () => new FieldReader([5, 1, 2, 3, 4]).Text().Length);
    }

    [Fact]
    public void Entries_come_back_one_after_the_other() =>
        Law.Holds(Randoms, 300, static random =>
        {
            var entries = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Entry(random)).ToList();
            var fields = new FieldWriter();
            byte[] former = [];
            foreach (var entry in entries)
            {
                var path = Encoding.UTF8.GetBytes(entry.Path);
                TreeFormat.Write(fields, entry, path, former);
                former = path;
            }

            var reader = new FieldReader(fields.Written.Span);
            byte[] last = [];
            foreach (var expected in entries)
            {
                var read = TreeFormat.Read(ref reader, ref last);
                Assert.Equal(expected.Chunks, read.Chunks);
                Assert.Equal(expected with { Chunks = read.Chunks }, read);
            }

            Assert.True(reader.IsAtEnd);
        });

    [Fact]
    public void Entries_that_are_cut_off_or_garbled_are_refused_and_nothing_else_happens() =>
        Law.Holds(Randoms, 2000, static random =>
        {
            var fields = new FieldWriter();
            var entry = Entry(random);
            TreeFormat.Write(fields, entry, Encoding.UTF8.GetBytes(entry.Path), []);
            var bytes = fields.Written.ToArray();
            Assert.Throws<InvalidDataException>(() => ReadEntry(bytes[..random.Next(bytes.Length)]));
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            Assert.True(Record.Exception(() => ReadEntry(bytes)) is null or InvalidDataException);
        });

    [Fact]
    public void Segments_come_back_and_garbled_ones_are_refused_and_nothing_else_happens() =>
        Law.Holds(Randoms, 500, static random =>
        {
            var segments = Segments(random);
            var fields = new FieldWriter();
            PackFormat.Write(fields, segments);
            var bytes = fields.Written.ToArray();
            var reader = new FieldReader(bytes);
            AssertEqual(segments, PackFormat.Read(ref reader));
            Assert.Throws<InvalidDataException>(() => ReadSegments(bytes[..random.Next(bytes.Length)]));
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            Assert.True(Record.Exception(() => ReadSegments(bytes)) is null or InvalidDataException);
        });

    [Fact]
    public void The_directory_of_a_pack_comes_back_and_any_changed_byte_of_it_is_refused() =>
        Law.Holds(Randoms, 100, static random =>
        {
            var id = PackId.New();
            using var cipher = Keys.PackCipher(id);
            var segments = Segments(random);
            var offset = segments.Count == 0 ? PackFormat.HeaderSize : segments[^1].Offset + segments[^1].Stored;
            var end = PackFormat.Close(cipher, offset, segments);
            var length = offset + end.Length;

            Assert.Equal(end.Length, PackFormat.EndSize(end.AsSpan(end.Length - PackFormat.FooterSize), length));
            AssertEqual(segments, PackFormat.Open(cipher, id, length, PackFormat.Header, end).Segments);
            Assert.Throws<InvalidDataException>(() => PackFormat.Open(cipher, id, length, "MFBPACK2"u8, end));
            Assert.Throws<InvalidDataException>(() => PackFormat.Open(cipher, id, length + 1, PackFormat.Header, end));
            end[random.Next(end.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<InvalidDataException>(() =>
            {
                _ = PackFormat.EndSize(end.AsSpan(end.Length - PackFormat.FooterSize), length) == end.Length ? 0 : throw new InvalidDataException();
                _ = PackFormat.Open(cipher, id, length, PackFormat.Header, end);
            });
        });

    [Fact]
    public void A_sealed_object_opens_under_its_own_name_alone_and_with_no_bit_changed()
    {
        foreach (var length in new[] { 0, 1, 100, 5000 })
        {
            var plain = length == 100 ? RepositoryBench.Noise(length) : RepositoryBench.Text(length);
            var bytes = SealedObject.Close(Keys, "index/one", plain);

            Assert.Equal(plain, SealedObject.Open(Keys, "index/one", bytes));
            Assert.Throws<InvalidDataException>(() => SealedObject.Open(Keys, "index/two", bytes));
            Assert.Throws<InvalidDataException>(() => SealedObject.Open(new RepositoryKeys(new byte[RepositoryKeys.KeySize]), "index/one", bytes));
            for (var bit = 0; bit < 8 * bytes.Length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Throws<InvalidDataException>(() => SealedObject.Open(Keys, "index/one", bytes));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            for (var cut = 0; cut < bytes.Length; cut += 7)
            {
                Assert.Throws<InvalidDataException>(() => SealedObject.Open(Keys, "index/one", bytes.AsSpan(0, cut)));
            }
        }
    }

    [Fact]
    public void Two_sealings_of_the_same_contents_differ() =>
        Assert.NotEqual(SealedObject.Close(Keys, "a", [1, 2, 3]), SealedObject.Close(Keys, "a", [1, 2, 3]));

    [Fact]
    public void Indexes_name_every_pack_once_and_are_split_where_they_grow_large()
    {
        var random = new Random(5);
        var packs = Enumerable.Range(0, 60).Select(_ => new PackContents(PackId.New(), random.NextInt64(1L << 40), Segments(random, most: 300))).ToList();

        var objects = IndexFormat.Write(packs).Select(static plain => plain.ToArray()).ToList();
        var read = objects.SelectMany(static plain => IndexFormat.Read(plain)).ToList();

        Assert.Equal(packs.Select(static pack => (pack.Id, pack.Length)), read.Select(static pack => (pack.Id, pack.Length)));
        Assert.All(packs.Zip(read), static pair => AssertEqual(pair.First.Segments, pair.Second.Segments));
        Assert.InRange(objects.Count, 2, 60);
        Assert.Empty(IndexFormat.Write([]));
        Assert.Throws<InvalidDataException>(() => IndexFormat.Read(objects[0].AsSpan(0, objects[0].Length - 1)));
    }

    [Theory]
    [InlineData(BackupCompression.None)]
    [InlineData(BackupCompression.Fast)]
    [InlineData(BackupCompression.Balanced)]
    public void What_is_compressed_comes_back_and_noise_is_left_alone(BackupCompression compression)
    {
        foreach (var length in new[] { 0, 1, 63, 64, 5000, 300_000, Slab.Size })
        {
            var packed = new byte[length + 1];
            foreach (var (plain, isNoise) in new[] { (RepositoryBench.Text(length), false), (RepositoryBench.Noise(length), true) })
            {
                var written = new CompressionQuality(compression).Compress(plain, SegmentCodec.Entropy(plain), packed);
                Assert.InRange(written, 0, length);
                if (written > 0)
                {
                    Assert.False(isNoise);
                    var back = new byte[length];
                    SegmentCodec.Decompress(packed.AsSpan(0, written), back);
                    Assert.Equal(plain, back);
                    Assert.Throws<InvalidDataException>(() => SegmentCodec.Decompress(packed.AsSpan(0, written), new byte[length + 1]));
                    Assert.Throws<InvalidDataException>(() => SegmentCodec.Decompress(packed.AsSpan(0, written - 1), back));
                }
                else
                {
                    Assert.True(isNoise || length < 5000 || compression == BackupCompression.None);
                }
            }
        }
    }

    [Fact]
    public void Ids_come_back_from_their_text()
    {
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var chunk = Chunk(random);
            var pack = PackId.New();
            Assert.Equal(chunk, ChunkId.Parse(chunk.ToString()));
            Assert.Equal(pack, PackId.OfObject(pack.ObjectName));
            Assert.Equal($"packs/{pack.ToString()[..2]}/{pack}", pack.ObjectName);
        }

        foreach (var name in new[] { "packs/ab/" + new string('0', 32), "packs/00/" + new string('0', 31), "packs/00/" + new string('g', 32), "packs/AB/AB" + new string('0', 30), "index/" + new string('0', 32), "" })
        {
            Assert.Null(PackId.OfObject(name));
        }

        Assert.Throws<FormatException>(static () => ChunkId.Parse("00"));
        Assert.Throws<FormatException>(static () => ChunkId.Parse(new string('x', 40)));
    }

    [Theory]
    [InlineData("docs_2026", "docs")]
    [InlineData("my_docs_2026", "my_docs")]
    [InlineData("_2026", null)]
    [InlineData("docs", null)]
    [InlineData("../x_1", null)]
    [InlineData("a/b_1", null)]
    [InlineData("", null)]
    public void A_snapshots_id_names_its_policy(string id, string? policy) => Assert.Equal(policy, Snapshot.PolicyOf(id));

    private static void ReadAll(byte[] bytes)
    {
        var reader = new FieldReader(bytes);
        _ = reader.Byte();
        _ = reader.Number();
        _ = reader.Fixed64();
        _ = reader.Text();
        _ = reader.Chunk();
        _ = reader.Pack();
        _ = reader.Number();
    }

    private static void ReadEntry(byte[] bytes)
    {
        var reader = new FieldReader(bytes);
        byte[] path = [];
        _ = TreeFormat.Read(ref reader, ref path);
    }

    private static void ReadSegments(byte[] bytes)
    {
        var reader = new FieldReader(bytes);
        _ = PackFormat.Read(ref reader);
    }

    private static ChunkId Chunk(Random random)
    {
        var bytes = new byte[ChunkId.Size];
        random.NextBytes(bytes);
        return new ChunkId(bytes);
    }

    private static TreeEntry Entry(Random random)
    {
        var kind = (TreeEntryKind)random.Next(1, 5);
        var path = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => new string("aä\U0001F4BE"[random.Next(2)], random.Next(1, 60))));
        return new TreeEntry
        {
            Path = path,
            Kind = kind,
            Length = kind == TreeEntryKind.File ? random.NextInt64(long.MaxValue) >> random.Next(63) : 0,
            Modified = random.Next(3) == 0 ? null : random.NextInt64(long.MinValue, long.MaxValue),
            Mode = random.Next(3) == 0 ? null : random.Next(0x1000),
            Owner = random.Next(3) == 0 ? null : new EntryOwner((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32)),
            Target = kind is TreeEntryKind.SymbolicLink or TreeEntryKind.HardLink ? new string('ö', random.Next(1, 100)) : null,
            ChangeMark = random.Next(3) == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            IsSparse = random.Next(2) == 0,
            Chunks = kind == TreeEntryKind.File ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => Chunk(random))] : [],
        };
    }

    private static List<PackSegment> Segments(Random random, int most = 8)
    {
        var segments = new List<PackSegment>();
        long offset = PackFormat.HeaderSize;
        for (var i = random.Next(most); i > 0; i--)
        {
            var chunks = Enumerable.Range(0, random.Next(most)).Select(_ => new PackedChunk(Chunk(random), random.Next(10_000))).ToList();
            var stored = PackFormat.TagSize + random.Next(100_000);
            segments.Add(new PackSegment(offset, stored, chunks.Sum(static chunk => chunk.Length), (SegmentEncoding)random.Next(2), chunks));
            offset += stored;
        }

        return segments;
    }

    private static void AssertEqual(IReadOnlyList<PackSegment> expected, IReadOnlyList<PackSegment> actual)
    {
        Assert.Equal(expected.Select(static segment => (segment.Offset, segment.Stored, segment.Plain, segment.Encoding)), actual.Select(static segment => (segment.Offset, segment.Stored, segment.Plain, segment.Encoding)));
        Assert.Equal(expected.SelectMany(static segment => segment.Chunks), actual.SelectMany(static segment => segment.Chunks));
    }

    [Fact]
    public void The_harder_compression_is_used_where_it_is_worth_its_time_and_the_choice_is_made_again_now_and_then()
    {
        // Words drawn at random: what the harder one saves on them is little or much by their number, so both must occur among these.
        var text = RepositoryBench.Text(400_000);
        var (packed, fast, small) = (new byte[500_000], new byte[500_000], new byte[500_000]);
        var byOne = SegmentCodec.Compress(text, 1, fast);
        var byTwo = SegmentCodec.Compress(text, 2, small);
        var quality = new CompressionQuality(BackupCompression.Balanced);
        var sizes = Enumerable.Range(0, 33).Select(_ => quality.Compress(text, 4.0, packed)).ToList();

        // The first of sixteen is tried both ways and stored the smaller way; the others as the trial says.
        var chosen = byOne - byTwo < byOne / CompressionQuality.WorthOneIn ? byOne : byTwo;
        Assert.Equal(Enumerable.Range(0, 33).Select(i => i % 16 == 0 ? byTwo : chosen), sizes);
        Assert.All(Enumerable.Range(0, 33), _ => Assert.Equal(byOne, new CompressionQuality(BackupCompression.Fast).Compress(text, 4.0, packed)));
    }
}
