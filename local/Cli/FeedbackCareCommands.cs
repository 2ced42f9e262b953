using System.CommandLine;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>feedback export|erase</c>: what is held on a person.</summary>
internal static class FeedbackCareCommands
{
    public static Command Export(CommonOptions common)
    {
        var contact = new Option<string>("--contact") { Description = "Their e-mail address or number, as they gave it.", Required = true };
        return ApiCommand.Make(
            "export", "Print what is held on a person, as JSON.", common, [contact],
            (api, parsed, cancellation) => api.PostAsync("/api/contacts/exports", new ExportRequest(parsed.GetRequiredValue(contact)), cancellation),
            Output.Json);
    }

    public static Command Erase(CommonOptions common)
    {
        var contact = new Option<string?>("--contact") { Description = "Their e-mail address or number: everything that is held on it." };
        var reference = new Option<string?>("--reference") { Description = "The reference of one feedback, with its code." };
        var code = new Option<string?>("--code") { Description = "Its tracking code." };
        return ApiCommand.Make(
            "erase", "Erase who sent feedback: by a contact, or by a reference and its code. What they sent stays.", common, [contact, reference, code],
            (api, parsed, cancellation) => api.PostAsync("/api/contacts/erasures", new ErasureRequest(parsed.GetValue(contact), parsed.GetValue(reference), parsed.GetValue(code)), cancellation),
            static report =>
            {
                Console.WriteLine($"Erased the sender of {report.Items("references").Count()} feedback, on {report.Items("tickets").Count()} tickets; {report.GetProperty("mails").GetInt32()} mails that waited are not sent.");
                foreach (var reference in report.Items("references"))
                {
                    Console.WriteLine($"  {reference.GetString()}");
                }
            });
    }
}
