using System.Text.Json;

namespace Azure.Core.Serialization;

public abstract class ObjectSerializer
{
    public abstract void Serialize(Stream stream, object? value, Type inputType, CancellationToken cancellationToken);

    public abstract ValueTask SerializeAsync(Stream stream, object? value, Type inputType, CancellationToken cancellationToken);

    public abstract object? Deserialize(Stream stream, Type returnType, CancellationToken cancellationToken);

    public abstract ValueTask<object?> DeserializeAsync(Stream stream, Type returnType, CancellationToken cancellationToken);
}

public class JsonObjectSerializer : ObjectSerializer
{
    private readonly JsonSerializerOptions _options;

    public JsonObjectSerializer()
        : this(new JsonSerializerOptions())
    {
    }

    public JsonObjectSerializer(JsonSerializerOptions options) => _options = options;

    public override void Serialize(Stream stream, object? value, Type inputType, CancellationToken cancellationToken) =>
        JsonSerializer.Serialize(stream, value, inputType, _options);

    public override async ValueTask SerializeAsync(Stream stream, object? value, Type inputType, CancellationToken cancellationToken) =>
        await JsonSerializer.SerializeAsync(stream, value, inputType, _options, cancellationToken);

    public override object? Deserialize(Stream stream, Type returnType, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(stream, returnType, _options);

    public override ValueTask<object?> DeserializeAsync(Stream stream, Type returnType, CancellationToken cancellationToken) =>
        JsonSerializer.DeserializeAsync(stream, returnType, _options, cancellationToken);
}
