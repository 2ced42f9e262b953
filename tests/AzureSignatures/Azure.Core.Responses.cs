using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure;

public readonly struct ETag : IEquatable<ETag>
{
    public static readonly ETag All = new("*");

    private readonly string? _value;

    public ETag(string etag) => _value = etag;

    public static bool operator ==(ETag left, ETag right) => left.Equals(right);

    public static bool operator !=(ETag left, ETag right) => !left.Equals(right);

    public bool Equals(ETag other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is ETag other && Equals(other);

    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => _value ?? "<null>";
}

public class MatchConditions
{
    public ETag? IfMatch { get; set; }

    public ETag? IfNoneMatch { get; set; }
}

public class RequestConditions : MatchConditions
{
}

public readonly struct HttpRange : IEquatable<HttpRange>
{
    public HttpRange(long offset = 0, long? length = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        Offset = offset;
        Length = length;
    }

    public long Offset { get; }

    public long? Length { get; }

    public static bool operator ==(HttpRange left, HttpRange right) => left.Equals(right);

    public static bool operator !=(HttpRange left, HttpRange right) => !left.Equals(right);

    public bool Equals(HttpRange other) => Offset == other.Offset && Length == other.Length;

    public override bool Equals(object? obj) => obj is HttpRange other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Offset, Length);
}

public abstract class Response : IDisposable
{
    public abstract int Status { get; }

    public abstract string ReasonPhrase { get; }

    public abstract Stream? ContentStream { get; set; }

    public abstract string ClientRequestId { get; set; }

    public virtual ResponseHeaders Headers => new(this);

    public static Response<T> FromValue<T>(T value, Response response) => new ValueResponse<T>(value, response);

    public abstract void Dispose();

    internal bool Header(string name, [NotNullWhen(true)] out string? value) => TryGetHeader(name, out value);

    protected internal abstract bool TryGetHeader(string name, [NotNullWhen(true)] out string? value);

    protected internal abstract bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values);

    protected internal abstract bool ContainsHeader(string name);

    protected internal abstract IEnumerable<HttpHeader> EnumerateHeaders();

    private sealed class ValueResponse<T>(T value, Response response) : Response<T>
    {
        public override T Value => value;

        public override Response GetRawResponse() => response;
    }
}

public abstract class NullableResponse<T>
{
    public abstract bool HasValue { get; }

    public abstract T? Value { get; }

    public abstract Response GetRawResponse();
}

public abstract class Response<T> : NullableResponse<T>
{
    public override bool HasValue => true;

#pragma warning disable CS8764 // As in Azure.Core: a response always has its value.
    public override T Value => default!;
#pragma warning restore CS8764
}

public abstract class Page<T>
{
    public abstract IReadOnlyList<T> Values { get; }

    public abstract string? ContinuationToken { get; }

    public static Page<T> FromValues(IReadOnlyList<T> values, string? continuationToken, Response response) =>
        new ValuePage(values, continuationToken, response);

    public abstract Response GetRawResponse();

    private sealed class ValuePage(IReadOnlyList<T> values, string? continuationToken, Response response) : Page<T>
    {
        public override IReadOnlyList<T> Values => values;

        public override string? ContinuationToken => continuationToken;

        public override Response GetRawResponse() => response;
    }
}

public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    protected AsyncPageable()
    {
    }

    public abstract IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default);

    public virtual async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken))
        {
            foreach (var value in page.Values)
            {
                yield return value;
            }
        }
    }
}

public class RequestFailedException : Exception
{
    public RequestFailedException(string message)
        : this(0, message)
    {
    }

    public RequestFailedException(int status, string message)
        : this(status, message, null)
    {
    }

    public RequestFailedException(int status, string message, Exception? innerException)
        : this(status, message, null, innerException)
    {
    }

    public RequestFailedException(int status, string message, string? errorCode, Exception? innerException)
        : base(message, innerException)
    {
        Status = status;
        ErrorCode = errorCode;
    }

    public int Status { get; }

    public string? ErrorCode { get; }
}
