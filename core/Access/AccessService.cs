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

    /// <summary>The key of a calendar feed, which programs that cannot sign in have in its address: reads that feed and nothing else, valid for a year.</summary>
    CalendarFeed,
}

/// <summary>A secret that stands for a person, without the secret.</summary>
/// <param name="Id">Names it: the beginning of its hash.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="IssuedAt">When it was given out (UTC).</param>
/// <param name="ExpiresAt">Until when it opens anything (UTC).</param>
/// <param name="Label">Where it is used, as far as that is known.</param>
/// <param name="IsThis">True for the one that asks.</param>
public sealed record CredentialLine(string Id, CredentialKind Kind, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string? Label, bool IsThis);

/// <summary>Gives out secrets that stand for people, and recognises them. Only their hashes are stored.</summary>
public sealed class AccessService(IRecordStore records, TimeProvider time)
{
    private const int MostLabel = 100;
    private const int IdLength = 16;

    /// <summary>Issues a secret; it is shown this once.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="person">The id of the person.</param>
    /// <param name="cancellation">Gives up; nothing may have been issued.</param>
    /// <param name="label">Where it is used, so that the person knows it again; the name of a browser, say. Cut after 100 characters.</param>
    public async Task<string> IssueAsync(CredentialKind kind, string person, CancellationToken cancellation, string? label = null)
    {
        var secret = Prefix(kind) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var now = time.GetUtcNow();
        await records.WriteAsync(
            Tables.Access, kind.ToString(), RecordWrite.Insert(Hash(secret), MaintenanceJson.Write(new Credential(person, now, now + Validity(kind), label is { Length: > MostLabel } ? label[..MostLabel] : label))), cancellation);
        return secret;
    }

    /// <summary>
    /// Issues a secret in place of all that the person had of the same kind: those that are older end. Of several that are renewed at the same time the newest stays; a crash
    /// in between leaves the earlier one beside it until the next renewal.
    /// </summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="person">The id of the person.</param>
    /// <param name="cancellation">Gives up; the earlier ones may have ended.</param>
    public async Task<string> RenewAsync(CredentialKind kind, string person, CancellationToken cancellation)
    {
        var secret = await IssueAsync(kind, person, cancellation);
        var own = (await FindAsync(kind, secret, cancellation))?.Value;
        _ = await DeleteAsync(
            one => one == kind,
            (row, credential) => credential.Person == person && row != Hash(secret) && (own is null || credential.IssuedAt <= own.IssuedAt),
            cancellation);
        return secret;
    }

    /// <summary>Until when the newest secret of a kind that a person has is valid (UTC); null where they have none.</summary>
    public async Task<DateTimeOffset?> ExpiryAsync(CredentialKind kind, string person, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await records.QueryAsync(Tables.Access, kind.ToString(), RowRange.All, cancellation)
            .Select(static record => MaintenanceJson.Read<Credential>(record.Json))
            .Where(credential => credential.Person == person && credential.ExpiresAt > now)
            .Select(static credential => (DateTimeOffset?)credential.ExpiresAt)
            .MaxAsync(cancellationToken: cancellation);
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

    /// <summary>Makes every secret of a person invalid that was given out before: tokens, sessions, sign-in links and feeds.</summary>
    /// <param name="person">The id of the person, who need not be in the plan any more.</param>
    /// <param name="cancellation">Gives up; some may be invalid already. Asked for again, the rest follows.</param>
    /// <returns>How many there were.</returns>
    public Task<int> RevokeAllAsync(string person, CancellationToken cancellation) => DeleteAsync(static _ => true, (_, credential) => credential.Person == person, cancellation);

    /// <summary>The secrets of a person that open something now, newest first.</summary>
    /// <param name="person">The id of the person.</param>
    /// <param name="own">The secret that the asker used, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<CredentialLine>> ListAsync(string person, string? own, CancellationToken cancellation)
    {
        var (lines, now) = (new List<CredentialLine>(), time.GetUtcNow());
        var ownHash = own is null ? null : Hash(own);
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            await foreach (var record in records.QueryAsync(Tables.Access, kind.ToString(), RowRange.All, cancellation))
            {
                if (MaintenanceJson.Read<Credential>(record.Json) is var one && one.Person == person && now < one.ExpiresAt)
                {
                    lines.Add(new(record.RowKey[..IdLength], kind, one.IssuedAt, one.ExpiresAt, one.Label, record.RowKey == ownHash));
                }
            }
        }

        return [.. lines.OrderByDescending(static line => line.IssuedAt)];
    }

    /// <summary>Makes one secret of a person invalid.</summary>
    /// <param name="person">The id of the person.</param>
    /// <param name="id">As of <see cref="CredentialLine.Id"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False where the person has no such secret (any more).</returns>
    public async Task<bool> RevokeOneAsync(string person, string id, CancellationToken cancellation) =>
        id.Length == IdLength && await DeleteAsync(static _ => true, (row, credential) => credential.Person == person && row.StartsWith(id, StringComparison.Ordinal), cancellation) > 0;

    /// <summary>Ends what a person's browsers have: sessions and sign-in links, everywhere. Their tokens stay, which programs use.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> SignOutEverywhereAsync(string person, CancellationToken cancellation) =>
        DeleteAsync(static kind => kind is CredentialKind.Session or CredentialKind.SignIn, (_, credential) => credential.Person == person, cancellation);

    /// <summary>Deletes what has expired (UTC) and opens nothing any more. For a timer.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> PurgeExpiredAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return DeleteAsync(static _ => true, (_, credential) => credential.ExpiresAt <= now, cancellation);
    }

    /// <summary>How long a secret of this kind is valid.</summary>
    public static TimeSpan Validity(CredentialKind kind) => kind switch
    {
        CredentialKind.Token or CredentialKind.CalendarFeed => TimeSpan.FromDays(365),
        CredentialKind.Session => TimeSpan.FromHours(12),
        _ => TimeSpan.FromMinutes(15),
    };

    private async Task<int> DeleteAsync(Func<CredentialKind, bool> isKind, Func<string, Credential, bool> isConcerned, CancellationToken cancellation)
    {
        var count = 0;

        // Links before sessions, so that a link that was redeemed a moment ago is found as the session that it became.
        foreach (var kind in new[] { CredentialKind.SignIn, CredentialKind.Session, CredentialKind.Token, CredentialKind.CalendarFeed }.Where(isKind))
        {
            var rows = await records.QueryAsync(Tables.Access, kind.ToString(), RowRange.All, cancellation)
                .Where(record => isConcerned(record.RowKey, MaintenanceJson.Read<Credential>(record.Json)))
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
        CredentialKind.CalendarFeed => "mc_",
        _ => "mi_",
    };

    private sealed record Credential(string Person, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string? Label = null);
}
