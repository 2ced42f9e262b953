using System.Text;
using Maintenance.Plan.Document;

namespace Maintenance.Plan;

/// <summary>The coverage of a plan as Markdown. Pure.</summary>
public static class PlanCoverageText
{
    /// <summary>The table, a line for each question.</summary>
    public static string Markdown(IReadOnlyList<CoverageAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var text = new StringBuilder();
        Line("| area | question | sections of the plan | the plan says | kept true by | timers | seen at |");
        Line("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (question, answer) in answers)
        {
            Line($"| {question.Area} | {question.Question} | {Codes(question.Sections)} | {(answer is null ? "**nothing**" : MarkdownDocument.Escape(answer))} | {question.KeptBy} | {Codes(question.Timers)} | {Codes(question.Pages)} |");
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static string Codes(IEnumerable<string> words) => string.Join(", ", words.Select(static word => $"`{word}`")) is { Length: > 0 } codes ? codes : "–";
}
