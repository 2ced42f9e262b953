namespace Maintenance.Recovery;

/// <summary>
/// The host's own program, to be kept beside the backups: whoever has lost the machine has lost the program too, and an archive that nothing reads is none.
/// </summary>
public interface IProgramBundle
{
    /// <summary>What tells this program from every other: lower-case hexadecimal digits of a SHA-256 over its files. Null where the host has no program to give.</summary>
    /// <exception cref="IOException">A file of the program cannot be read.</exception>
    Task<string?> HashAsync(CancellationToken cancellation);

    /// <summary>Writes the program as a <c>tar.gz</c>: the same bytes for the same files. Only where <see cref="HashAsync"/> gives a hash.</summary>
    /// <param name="destination">Is written forward, and asynchronously only; stays open.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">A file of the program cannot be read.</exception>
    Task WriteAsync(Stream destination, CancellationToken cancellation);
}
