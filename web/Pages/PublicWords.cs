using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Web.Pages;

/// <summary>What the public pages say, in each language. What the plan and people say stands beside it as they said it.</summary>
public sealed partial record PublicWords
{
    private PublicWords()
    {
    }

    /// <summary>The language.</summary>
    public required Language Language { get; init; }

    /// <summary>Its tag, as pages and addresses have it: <c>fr</c>.</summary>
    public string Tag => TagOf(Language);

    /// <summary>What its own speakers call it.</summary>
    public required string OwnName { get; init; }

    /// <summary>The names of the months.</summary>
    public required IReadOnlyList<string> Months { get; init; }

    /// <summary>A date with its time: day, month, year, hours and minutes, in this order.</summary>
    public required string DateFormat { get; init; }

    /// <summary>The link that leads past what every page has.</summary>
    public required string Skip { get; init; }

    /// <summary>The name of the navigation.</summary>
    public required string Navigation { get; init; }

    /// <summary>The name of the choice of languages.</summary>
    public required string Languages { get; init; }

    /// <summary>The title of the form.</summary>
    public required string SendTitle { get; init; }

    /// <summary>Above a form that could not be taken in.</summary>
    public required string LookAgain { get; init; }

    /// <summary>The question for the kind.</summary>
    public required string KindQuestion { get; init; }

    /// <summary>The question for the service.</summary>
    public required string ServiceQuestion { get; init; }

    /// <summary>Beside it.</summary>
    public required string IfYouKnow { get; init; }

    /// <summary>The choice of no service.</summary>
    public required string NoService { get; init; }

    /// <summary>The label of the message.</summary>
    public required string MessageLabel { get; init; }

    /// <summary>The label of the name.</summary>
    public required string NameLabel { get; init; }

    /// <summary>Beside it.</summary>
    public required string IfYouLike { get; init; }

    /// <summary>The label of the contact.</summary>
    public required string ContactLabel { get; init; }

    /// <summary>Beside it.</summary>
    public required string IfYouWantAnswer { get; init; }

    /// <summary>What a contact is used for, and for how many days it is kept.</summary>
    public required Func<int, string> ContactHint { get; init; }

    /// <summary>The label of what people do not see.</summary>
    public required string LeaveEmpty { get; init; }

    /// <summary>The button.</summary>
    public required string Send { get; init; }

    /// <summary>Above the other channels.</summary>
    public required string OtherWays { get; init; }

    /// <summary>The title of the page after sending.</summary>
    public required string Thanks { get; init; }

    /// <summary>What it says first.</summary>
    public required string Stored { get; init; }

    /// <summary>And then.</summary>
    public required string WriteDown { get; init; }

    /// <summary>A reference.</summary>
    public required string Reference { get; init; }

    /// <summary>A code.</summary>
    public required string Code { get; init; }

    /// <summary>The link to the tracking page, and its name in the navigation.</summary>
    public required string FollowUp { get; init; }

    /// <summary>The title of the tracking page.</summary>
    public required string TrackTitle { get; init; }

    /// <summary>Reference and code do not belong together.</summary>
    public required string NoMatch { get; init; }

    /// <summary>Where it stands.</summary>
    public required string State { get; init; }

    /// <summary>Nobody has looked at it.</summary>
    public required string StateReceived { get; init; }

    /// <summary>It is worked on, as a ticket.</summary>
    public required Func<string, string> StateInProgress { get; init; }

    /// <summary>Support waits for the sender.</summary>
    public required Func<string, string> StateWaiting { get; init; }

    /// <summary>It is solved.</summary>
    public required Func<string, string> StateResolved { get; init; }

    /// <summary>When it was received.</summary>
    public required string Received { get; init; }

    /// <summary>So many have said the same.</summary>
    public required string ReportedBy { get; init; }

    /// <summary>A number of people, two or more.</summary>
    public required Func<int, string> People { get; init; }

    /// <summary>Something was changed to which it led; before the date.</summary>
    public required string ImprovedOn { get; init; }

    /// <summary>Above the sender's own words.</summary>
    public required string You { get; init; }

    /// <summary>Above the words of support.</summary>
    public required string Support { get; init; }

    /// <summary>The button that shows where it stands.</summary>
    public required string Show { get; init; }

    /// <summary>The label of something to add.</summary>
    public required string AddLabel { get; init; }

    /// <summary>Its button.</summary>
    public required string Add { get; init; }

    /// <summary>It was added.</summary>
    public required string Added { get; init; }

    /// <summary>The label of what is still wrong.</summary>
    public required string NotSolvedLabel { get; init; }

    /// <summary>Its button.</summary>
    public required string NotSolved { get; init; }

    /// <summary>It is worked on again.</summary>
    public required string Reopened { get; init; }

    /// <summary>The title of the rating.</summary>
    public required string RateTitle { get; init; }

    /// <summary>The question.</summary>
    public required string RateQuestion { get; init; }

    /// <summary>The words of 1 to 5.</summary>
    public required IReadOnlyList<string> Ratings { get; init; }

    /// <summary>Its button.</summary>
    public required string Rate { get; init; }

    /// <summary>It was taken in.</summary>
    public required string Rated { get; init; }

    /// <summary>The title of the survey.</summary>
    public required string SurveyTitle { get; init; }

    /// <summary>The question, with the system's name.</summary>
    public required Func<string, string> SurveyQuestion { get; init; }

    /// <summary>What 0 and 10 mean.</summary>
    public required string SurveyScale { get; init; }

    /// <summary>Its button.</summary>
    public required string Answer { get; init; }

    /// <summary>It was taken in.</summary>
    public required string Answered { get; init; }

    /// <summary>The words of a language.</summary>
    public static PublicWords Of(Language language) => language == Language.Fr ? French : English;

    /// <summary>A language's tag.</summary>
    public static string TagOf(Language language) => language.ToString().ToLowerInvariant();

    /// <summary>An instant as its readers write it, in a zone: the runtime has no names of months but English ones here.</summary>
    public string Date(DateTimeOffset at, DateTimeZone zone)
    {
        var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, DateFormat, local.Day, Months[local.Month - 1], local.Year, local.Hour, local.Minute);
    }

    private static PublicWords English { get; } = new()
    {
        Language = Language.En,
        OwnName = "English",
        Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        DateFormat = "{0} {1} {2}, {3:00}:{4:00}",
        Skip = "Skip to the content",
        Navigation = "Main",
        Languages = "Language",
        SendTitle = "Send feedback",
        LookAgain = "Something is missing. Please look at the marked fields.",
        KindQuestion = "What is it about?",
        ServiceQuestion = "Which service?",
        IfYouKnow = "(if you know)",
        NoService = "I do not know",
        MessageLabel = "Your message",
        NameLabel = "Your name",
        IfYouLike = "(if you like)",
        ContactLabel = "E-mail or telephone",
        IfYouWantAnswer = "(if you want an answer)",
        ContactHint = static days => $"With an e-mail address you hear of answers, and may be asked how content you are. Name and contact are erased {days} {(days == 1 ? "day" : "days")} after your case is closed, or when you ask for it.",
        LeaveEmpty = "Leave this empty",
        Send = "Send",
        OtherWays = "Other ways to reach us",
        Thanks = "Thank you",
        Stored = "Your message has been stored safely, and people will look at it.",
        WriteDown = "Write these down. With both you can see what became of it; without the code, nobody can.",
        Reference = "Reference",
        Code = "Tracking code",
        FollowUp = "Follow it up",
        TrackTitle = "What became of your feedback",
        NoMatch = "This reference and this code do not belong together. Look at both again.",
        State = "State",
        StateReceived = "received, nobody has looked at it yet",
        StateInProgress = static ticket => $"being worked on as {ticket}",
        StateWaiting = static ticket => $"we wait for your answer ({ticket})",
        StateResolved = static ticket => $"solved ({ticket})",
        Received = "Received",
        ReportedBy = "Sent by",
        People = static count => $"{count} people",
        ImprovedOn = "What you sent has led to a change, made on",
        You = "You",
        Support = "Support",
        Show = "Show",
        AddLabel = "Add something, or answer",
        Add = "Add",
        Added = "It was added.",
        NotSolvedLabel = "Not solved? What is still wrong?",
        NotSolved = "It is not solved",
        Reopened = "It is being worked on again.",
        RateTitle = "How content are you?",
        RateQuestion = "How content are you with the way your message was dealt with?",
        Ratings = ["not at all", "little", "so-so", "content", "very content"],
        Rate = "Rate",
        Rated = "Thank you for your rating.",
        SurveyTitle = "One question",
        SurveyQuestion = static system => $"How likely would you recommend {system} to somebody else?",
        SurveyScale = "0 is not at all likely, 10 is very likely.",
        Answer = "Answer",
        Answered = "Thank you for your answer.",
    };
}
