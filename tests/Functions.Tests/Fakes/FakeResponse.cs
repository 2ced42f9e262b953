using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>An HTTP answer without a body.</summary>
internal sealed class FakeResponse(int status, ETag? eTag = null) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = eTag is { } tag && string.Equals(name, "ETag", StringComparison.OrdinalIgnoreCase) ? tag.ToString() : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => eTag is { } tag ? [new HttpHeader("ETag", tag.ToString())] : [];
}

/// <summary>Pages of at most so many values.</summary>
internal sealed class FakePageable<T>(Func<IReadOnlyList<T>> read, int pageSize) : AsyncPageable<T>
    where T : notnull
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        await Task.Yield();
        foreach (var values in read().Chunk(pageSize))
        {
            yield return Page<T>.FromValues(values, null, new FakeResponse(200));
        }
    }
}
