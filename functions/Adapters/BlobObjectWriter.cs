using Azure.Storage.Blobs;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>An object that is written as blocks of a blob.</summary>
internal sealed class BlobObjectWriter(BlobContainerClient container, string name) : IObjectWriter
{
    private readonly BlockUpload _upload = new(container, name);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        try
        {
            await _upload.WriteAsync(piece, cancellation);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"object {name}");
        }
    }

    public async Task<bool> CompleteAsync(CancellationToken cancellation)
    {
        try
        {
            return await _upload.CommitAsync(headers: null, metadata: null, cancellation);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"object {name}");
        }
    }

    public ValueTask DisposeAsync() => _upload.DisposeAsync();
}
