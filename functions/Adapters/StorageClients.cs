using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Clients of containers and tables by their addresses: with the app's identity over https, or, at <c>http://127.0.0.1</c>, of the storage emulator with the
/// account that it is known for (Azure's clients send no token without https). An address with a query is refused: a signature in it is a secret, and a plan
/// is no place for one.
/// </summary>
/// <param name="credential">The identity of the app.</param>
public sealed class StorageClients(TokenCredential credential)
{
    private const string Emulator = "UseDevelopmentStorage=true";
    private const string EmulatorAccount = "devstoreaccount1";
    private const int EmulatorBlobPort = 10000;
    private const int EmulatorTablePort = 10002;

    /// <summary>The client of a container; nobody is asked yet.</summary>
    /// <exception cref="IOException">It is no address of a container.</exception>
    public BlobContainerClient Container(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        const string Form = "the address of a Blob container, such as https://myaccount.blob.core.windows.net/records";
        var name = Name(address, EmulatorBlobPort, Form);
        return address.Scheme == Uri.UriSchemeHttps ? new BlobContainerClient(address, credential) : new BlobContainerClient(Emulator, name);
    }

    /// <summary>The client of a table; nobody is asked yet.</summary>
    /// <exception cref="IOException">It is no address of a table.</exception>
    public TableClient Table(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        const string Form = "the address of an Azure table, such as https://myaccount.table.core.windows.net/records";
        var name = Name(address, EmulatorTablePort, Form);
        try
        {
            RecordKeys.CheckTable(name);
        }
        catch (ArgumentException wrong)
        {
            throw new IOException($"'{address}' is not {Form}.", wrong);
        }

        return address.Scheme == Uri.UriSchemeHttps
            ? new TableClient(new Uri(address.GetLeftPart(UriPartial.Authority)), name, credential)
            : new TableClient(Emulator, name);
    }

    /// <summary>The tables of an account; nobody is asked yet.</summary>
    /// <param name="address">Its endpoint.</param>
    public TableServiceClient Tables(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme == Uri.UriSchemeHttps ? new TableServiceClient(address, credential) : new TableServiceClient(Emulator);
    }

    /// <summary>The last and, of a real account, only name of the path.</summary>
    private static string Name(Uri address, int emulatorPort, string form)
    {
        if (address.IsAbsoluteUri && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0)
        {
            var names = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (address.Scheme == Uri.UriSchemeHttps && names is [var name])
            {
                return name;
            }

            if (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
            {
                return address.Port == emulatorPort && names is [EmulatorAccount, var inEmulator]
                    ? inEmulator
                    : throw new IOException($"'{address}' is not in the storage emulator, which is at http://127.0.0.1:{emulatorPort}/{EmulatorAccount}.");
            }
        }

        // A password before the host and a signature in the query must not get into a log.
        throw new IOException($"'{(address.IsAbsoluteUri ? $"{address.Scheme}://{address.Authority}{address.AbsolutePath}" : address.OriginalString)}' is not {form}.");
    }
}
