namespace Maintenance.Calendars;

/// <summary>Who is on duty at an instant, how they are reached, and what stands out. Instants are UTC.</summary>
/// <param name="At">The instant.</param>
/// <param name="Exceptions">What somebody should look at: urgent notices that reach nobody on duty, and a plan in which nobody is. Empty where all is well.</param>
/// <param name="People">Everybody who can be on duty at all, in the plan's order.</param>
/// <param name="Roles">The roles of the plan, in order of first mention.</param>
/// <param name="Teams">The teams of the plan.</param>
/// <param name="Channels">The support channels of the plan.</param>
public sealed record OnDuty(
    DateTimeOffset At, IReadOnlyList<string> Exceptions, IReadOnlyList<DutyPerson> People, IReadOnlyList<DutyGroup> Roles, IReadOnlyList<DutyGroup> Teams, IReadOnlyList<StaffedChannel> Channels)
{
    /// <summary>A person of the list.</summary>
    public DutyPerson Person(string id) => People.First(person => person.Id == id);
}

/// <summary>Whether somebody is on duty.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">How they are called, or null.</param>
/// <param name="Email">Their mail address, or null.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="IsOnDuty">True within their hours, where the plan has some, while they are not away.</param>
/// <param name="Until">When that changes; null where it does not within <see cref="DutyRoster.Horizon"/>.</param>
/// <param name="AwayUntil">The last local date of the absence that they are in, <c>2026-11-30</c>; null for none.</param>
public sealed record DutyPerson(string Id, string Name, string? Phone, string? Email, IReadOnlyList<string> Roles, bool IsOnDuty, DateTimeOffset? Until, string? AwayUntil)
{
    /// <summary>True where the absence ends at noon of that date, and not at its end.</summary>
    public bool IsUntilNoon { get; init; }

    /// <summary>The name of who stands in while they are away; null for nobody.</summary>
    public string? Deputy { get; init; }
}

/// <summary>Who of a role or a team is on duty.</summary>
/// <param name="Id">The role, or the id of the team.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Now">The ids of those on duty, those who stay longest first.</param>
/// <param name="Next">The id of who comes next of those who are not; null where nobody does within <see cref="DutyRoster.Horizon"/>.</param>
/// <param name="NextAt">When they come.</param>
/// <param name="UncoveredFrom">The first instant at which nobody of it is on duty; this instant where nobody is; null where that does not come within <see cref="DutyRoster.Horizon"/>.</param>
public sealed record DutyGroup(string Id, string Name, IReadOnlyList<string> Now, string? Next, DateTimeOffset? NextAt, DateTimeOffset? UncoveredFrom);

/// <summary>Whether somebody answers at a support channel.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What users see.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Address">A mail address, a number, a place or a link.</param>
/// <param name="IsStaffed">True while its calendar is open.</param>
/// <param name="Until">When that changes; null where it does not within <see cref="DutyRoster.Horizon"/>.</param>
/// <param name="Holiday">What today is called where it is a holiday of the channel; else null.</param>
public sealed record StaffedChannel(string Id, string Name, Plan.SupportChannelKind Kind, string Address, bool IsStaffed, DateTimeOffset? Until, string? Holiday);
