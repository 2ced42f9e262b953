using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>Whom a limit counts as one client.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The network address that a request came from. Where a proxy on this machine handed it on, that is the last address of X-Forwarded-For: the one that the proxy
    /// itself added. A header from anywhere else proves nothing.
    /// </summary>
    public static string Of(HttpContext http)
    {
        var direct = http.Connection.RemoteIpAddress;
        var isNear = direct is null || IPAddress.IsLoopback(direct);
        var last = isNear ? http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim() : "";
        return Network(IPEndPoint.TryParse(last, out var forwarded) ? forwarded.Address : direct ?? IPAddress.Loopback);
    }

    /// <summary>True where a proxy on this machine says that the client came by TLS. A header from anywhere else proves nothing.</summary>
    public static bool CameByTls(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } direct && IPAddress.IsLoopback(direct) && string.Equals(http.Request.Headers["X-Forwarded-Proto"].ToString().Split(',')[^1].Trim(), "https", StringComparison.OrdinalIgnoreCase);

    /// <summary>One household or office has a whole /64 of IPv6 (RFC 6177, RFC 7421): each of its addresses would be a client of its own.</summary>
    private static string Network(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
