using Maintenance.Tickets;

namespace Maintenance.Web.Pages;

/// <summary>States and sizes in words.</summary>
internal static class Words
{
    public static string Of(TicketState state) => state switch
    {
        TicketState.New => "new",
        TicketState.InProgress => "in progress",
        _ => "resolved",
    };

    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return unit == 0 ? $"{bytes} B" : $"{size:0.0} {units[unit]}";
    }
}
