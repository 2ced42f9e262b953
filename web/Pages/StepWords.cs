using Maintenance.Recovery;

namespace Maintenance.Web.Pages;

/// <summary>States of steps in a mark, a word and a class: never in colour alone.</summary>
public static class StepWords
{
    /// <summary>A mark that is told from the others by its shape.</summary>
    public static string Mark(RecoveryStepState state) => state switch
    {
        RecoveryStepState.Done => "✓",
        RecoveryStepState.Running => "▶",
        RecoveryStepState.Waiting => "❚❚",
        RecoveryStepState.Failed => "✗",
        RecoveryStepState.Skipped => "–",
        RecoveryStepState.Stopped => "■",
        _ => "○",
    };

    /// <summary>A word.</summary>
    public static string Word(RecoveryStepState state) => state switch
    {
        RecoveryStepState.Waiting => "waits",
        RecoveryStepState.Skipped => "left out",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>The class of a text.</summary>
    public static string Class(RecoveryStepState state) => state switch
    {
        RecoveryStepState.Done => "good",
        RecoveryStepState.Failed => "bad",
        RecoveryStepState.Running or RecoveryStepState.Waiting => "busy",
        _ => "muted",
    };

    /// <summary>A text in at most so many lines of so many characters, cut at blanks where it can be; what does not fit ends in an ellipsis.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new List<string>();
        var left = text.Trim();
        while (left.Length > 0 && lines.Count < most)
        {
            if (left.Length <= width)
            {
                lines.Add(left);
                break;
            }

            if (lines.Count == most - 1)
            {
                lines.Add(left[..(width - 1)].TrimEnd() + "…");
                break;
            }

            var at = left.LastIndexOf(' ', width);
            at = at < 1 ? width : at;
            lines.Add(left[..at].TrimEnd());
            left = left[at..].TrimStart();
        }

        return lines;
    }
}
