using Maintenance.Feedback;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Web;

/// <summary>Registers what feedback is made of; a part of <see cref="MaintenanceRegistration"/>.</summary>
internal static class FeedbackRegistration
{
    public static IServiceCollection AddFeedback(this IServiceCollection services)
    {
        services.AddSingleton<ContactKeys>();
        services.AddSingleton<FeedbackBook>();
        services.AddSingleton<FeedbackGroupBook>();
        services.AddSingleton<FeedbackSenders>();
        services.AddSingleton<FeedbackService>();
        services.AddSingleton<ReporterMails>();
        services.AddSingleton<IReporterMail, OutboxReporterMail>();
        services.AddSingleton<ReporterTeller>();
        services.AddSingleton<TicketLinkBook>();
        services.AddSingleton<FeedbackExpiry>();
        services.AddSingleton<FeedbackErasure>();
        services.AddSingleton<FeedbackExport>();
        services.AddSingleton<SatisfactionBook>();
        services.AddSingleton<SatisfactionService>();
        services.AddSingleton<SurveyService>();
        return services.AddSingleton<FeedbackUpkeep>();
    }
}
