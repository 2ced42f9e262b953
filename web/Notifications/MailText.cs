using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;

namespace Maintenance.Web.Notifications;

/// <summary>A notification as a mail: plain text, one subject line, one address.</summary>
public static class MailText
{
    /// <summary>The mail.</summary>
    /// <param name="notification">What is told.</param>
    /// <param name="from">The sender's address.</param>
    /// <param name="to">The recipient's.</param>
    /// <param name="link">The address of the notification's page.</param>
    public static MailMessage Of(Notification notification, string from, string to, Uri link)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(from);

        // One address each: from text, the class would read a list, and a comma in it would be another recipient.
        var mail = new MailMessage(new MailAddress(from), new MailAddress(to))
        {
            // A header is one line: a subject with a line break in it would be refused, and nobody would be told.
            Subject = ChatText.Line(notification.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = LinkedText.Render(notification.Text, link).ReplaceLineEndings("\r\n") + (LinkedText.HasLink(notification.Text) ? "\r\n" : $"\r\n\r\n{link}\r\n"),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };

        // The same notification sent twice (a crash between sending and noting it) has the same id, so that mail systems can fold the two. It is made from
        // both, since it must differ by recipient, and tells neither.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{notification.Id}\n{to}")))[..32];
        mail.Headers.Add("Message-ID", $"<{id}@{from[(from.LastIndexOf('@') + 1)..]}>");

        // RFC 3834: whoever answers mail by a machine is not to answer this one.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}
