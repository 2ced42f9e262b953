using System.Security.Cryptography;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Access;

/// <summary>Kinds of secret that stand for a person.</summary>
public enum CredentialKind
{
    /// <summary>A bearer token for programs and the command line: valid for a year.</summary>
    Token,

    /// <summary>A browser's session cookie: valid for twelve hours.</summary>
    Session,

    /// <summary>A link that signs in once, within fifteen minutes.</summary>
    SignIn,
}

/// <summary>Gives out secrets that stand for people, and recognises them. Only their hashes are stored.</summary>
public sealed class AccessService(IRecordStore records, TimeProvider time)
{
    /// <summary>Issues a secret; it is shown this once.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="person">The id of the person.</param>
    /// <param name="cancellation">Gives up; nothing may have been issued.</param>
    public async Task<string> IssueAsync(CredentialKind kind, string person, CancellationToken cancellation)
    {
        var secret = Prefix(kind) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var now = time.GetUtcNow();
        await records.WriteAsync(
            Tables.Access, kind.ToString(), RecordWrite.Insert(Hash(secret), MaintenanceJson.Write(new Credential(person, now, now + Validity(kind)))), cancellation);
        return secret;
    }

    /// <summary>The id of the person that a secret stands for, or null where it is unknown or has expired.</summary>
    public async Task<string?> RecogniseAsync(CredentialKind kind, string secret, CancellationToken cancellation) =>
        await FindAsync(kind, secret, cancellation) is { } credential ? credential.Value.Person : null;

    /// <summary>Recognises a secret and makes it invalid in the same step: of two at once, one gets the person.</summary>
    public async Task<string?> RedeemAsync(CredentialKind kind, string secret, CancellationToken cancellation)
    {
        if (await FindAsync(kind, secret, cancellation) is not { } credential)
        {
            return null;
        }

        try
        {
            await records.WriteAsync(Tables.Access, kind.ToString(), RecordWrite.Delete(Hash(secret), credential.ETag), cancellation);
            return credential.Value.Person;
        }
        catch (RecordConflictException)
        {
            return null;
        }
    }

    /// <summary>Makes a secret invalid.</summary>
    public Task RevokeAsync(CredentialKind kind, string secret, CancellationToken cancellation) =>
        records.WriteAsync(Tables.Access, kind.ToString(), RecordWrite.Delete(Hash(secret)), cancellation);

    /// <summary>Makes every secret of a person invalid that was given out before: tokens, sessions and sign-in links.</summary>
    /// <param name="person">The id of the person, who need not be in the plan any more.</param>
    /// <param name="cancellation">Gives up; some may be invalid already. Asked for again, the rest follows.</param>
    /// <returns>How many there were.</returns>
    public Task<int> RevokeAllAsync(string person, CancellationToken cancellation) => DeleteAsync(credential => credential.Person == person, cancellation);

    /// <summary>Deletes what has expired (UTC) and opens nothing any more. For a timer.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> PurgeExpiredAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return DeleteAsync(credential => credential.ExpiresAt <= now, cancellation);
    }

    /// <summary>How long a secret of this kind is valid.</summary>
    public static TimeSpan Validity(CredentialKind kind) => kind switch
    {
        CredentialKind.Token => TimeSpan.FromDays(365),
        CredentialKind.Session => TimeSpan.FromHours(12),
        _ => TimeSpan.FromMinutes(15),
    };

    private async Task<int> DeleteAsync(Func<Credential, bool> isConcerned, CancellationToken cancellation)
    {
        var count = 0;

        // Links before sessions, so that a link that was redeemed a moment ago is found as the session that it became.
        foreach (var kind in new[] { CredentialKind.SignIn, CredentialKind.Session, CredentialKind.Token })
        {
            var rows = await records.QueryAsync(Tables.Access, kind.ToString(), RowRange.All, cancellation)
                .Where(record => isConcerned(MaintenanceJson.Read<Credential>(record.Json)))
                .Select(static record => record.RowKey)
                .ToListAsync(cancellation);
            foreach (var batch in rows.Chunk(IRecordStore.MaxBatch))
            {
                // Whoever deletes the same at the same time is no conflict: it is gone.
                await records.WriteAsync(Tables.Access, kind.ToString(), [.. batch.Select(static row => RecordWrite.Delete(row))], cancellation);
            }

            count += rows.Count;
        }

        return count;
    }

    private async Task<Versioned<Credential>?> FindAsync(CredentialKind kind, string secret, CancellationToken cancellation) =>
        secret.StartsWith(Prefix(kind), StringComparison.Ordinal)
        && await records.FindAsync<Credential>(Tables.Access, kind.ToString(), Hash(secret), cancellation) is { } credential
        && time.GetUtcNow() < credential.Value.ExpiresAt
            ? credential
            : null;

    /// <summary>192 random bits need no salt and no slow hash.</summary>
    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string Prefix(CredentialKind kind) => kind switch
    {
        CredentialKind.Token => "mf_",
        CredentialKind.Session => "ms_",
        _ => "mi_",
    };

    private sealed record Credential(string Person, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
}
