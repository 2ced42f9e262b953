using System.Globalization;
using Maintenance.Time;

namespace Maintenance.Monitoring.Probes;

/// <summary>A look that is taken at a service again and again.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Service">The id of the service that is down where this probe is.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Every">How often it is taken.</param>
/// <param name="Target">What it looks at.</param>
public sealed record Probe(string Id, string Service, string Name, TimeSpan Every, ProbeTarget Target)
{
    /// <summary>How many samples may be missed before nothing is known any more.</summary>
    public const int MissedSamples = 3;

    /// <summary>A look takes no longer than this with all of its tries, so that a tick of a minute takes them all.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(50);

    /// <summary>The shortest time between two samples.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So often it is tried again at once before a sample counts as failed.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>When it counts as down, and as up again.</summary>
    public Damping Damping { get; init; } = Damping.Usual;

    /// <summary>The probe without which this one cannot pass; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>The service without which this probe cannot pass: each of its probes is a parent; null for none.</summary>
    public string? ParentService { get; init; }

    /// <summary>Without a sample for longer than this nothing is known.</summary>
    public TimeSpan Silence => Every * MissedSamples;
}

/// <summary>When a probe counts as down, and as up again: so that one lost packet is no outage, and one lucky one no recovery.</summary>
/// <param name="FailAfter">So many failed samples…</param>
/// <param name="Of">…among the last so many make it down; at least <paramref name="FailAfter"/>.</param>
/// <param name="RecoverAfter">So many good samples in a row make it up again.</param>
public sealed record Damping(int FailAfter, int Of, int RecoverAfter)
{
    /// <summary>Where the plan says nothing.</summary>
    public static Damping Usual { get; } = new(3, 3, 2);
}

/// <summary>What a probe looks at.</summary>
public abstract record ProbeTarget
{
    private ProbeTarget()
    {
    }

    /// <summary>The word by which the plan calls this kind.</summary>
    public abstract string Kind { get; }

    /// <summary>An HTTP address.</summary>
    /// <param name="Address">The address, relative for one of this system's own; a redirect is not followed.</param>
    /// <param name="Status">The status that must be answered.</param>
    /// <param name="Contains">Text that the answer must contain; null for any.</param>
    /// <param name="Latency">The longest that an answer may take without being a failure; null for the timeout.</param>
    /// <param name="IsHead">True to ask for the headers alone.</param>
    public sealed record Http(Uri Address, int Status, string? Contains, TimeSpan? Latency, bool IsHead) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "http";

        /// <inheritdoc/>
        public override string ToString() => $"{(IsHead ? "HEAD" : "GET")} {(Address.IsAbsoluteUri ? Address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : Address.OriginalString.Split('?')[0])}";
    }

    /// <summary>A TCP port that takes connections.</summary>
    /// <param name="Host">The host's name or address; <see cref="Self"/> for where this system serves.</param>
    /// <param name="Port">The port; that of this system with <see cref="Self"/>.</param>
    public sealed record Tcp(string Host, int Port) : ProbeTarget
    {
        /// <summary>Where this system serves.</summary>
        public const string Self = "self";

        /// <inheritdoc/>
        public override string Kind => "tcp";

        /// <inheritdoc/>
        public override string ToString() => Host == Self ? "connection to this system" : string.Create(CultureInfo.InvariantCulture, $"connection to {Host}:{Port}");
    }

    /// <summary>The end of a TLS certificate. Who issued it is not looked at: an HTTP probe does that.</summary>
    /// <param name="Host">The host's name, also the name that is asked for (SNI).</param>
    /// <param name="Port">The port.</param>
    /// <param name="Before">So long before its end it counts as failed.</param>
    public sealed record Tls(string Host, int Port, TimeSpan Before) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "tls";

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"certificate of {Host}:{Port}, for {Durations.Format(Before)} at least");
    }

    /// <summary>A name of the DNS.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Expects">Addresses that must all be among the answers; none for any answer.</param>
    public sealed record Dns(string Name, IReadOnlyList<string> Expects) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "dns";

        /// <inheritdoc/>
        public override string ToString() => $"addresses of {Name}";
    }

    /// <summary>The free space of a disk of the host's machine.</summary>
    /// <param name="Path">A folder on it, absolute once the plan is read.</param>
    /// <param name="FreePercent">So much of it must be free at least, in per cent; null for any.</param>
    /// <param name="FreeBytes">So many bytes must be free at least; null for any.</param>
    public sealed record Disk(string Path, int? FreePercent, long? FreeBytes) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "disk";

        /// <inheritdoc/>
        public override string ToString() => $"free space at {Path}";
    }

    /// <summary>A call that a job makes: a missing one is a failure.</summary>
    /// <param name="Within">One must come within this time of the last.</param>
    /// <param name="KeySetting">The name of the host's setting with the key that jobs send; null where they sign in.</param>
    public sealed record Heartbeat(TimeSpan Within, string? KeySetting) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "heartbeat";

        /// <inheritdoc/>
        public override string ToString() => $"a call within {Durations.Format(Within)}";
    }

    /// <summary>The number that a query gives.</summary>
    /// <param name="Setting">The name of the host's setting with the connection string.</param>
    /// <param name="Sql">The query; it cannot write.</param>
    /// <param name="Min">The least that it may be; null for any.</param>
    /// <param name="Max">The most that it may be; null for any.</param>
    public sealed record Query(string Setting, string Sql, double? Min, double? Max) : ProbeTarget
    {
        /// <inheritdoc/>
        public override string Kind => "query";

        /// <inheritdoc/>
        public override string ToString() => $"a number of {Setting}";
    }
}

/// <summary>What a look came to.</summary>
/// <param name="At">When it was begun (UTC).</param>
/// <param name="IsGood">True where it passed.</param>
/// <param name="Latency">How long the answer took; null where there was none, or none is measured.</param>
/// <param name="Said">What was seen, in a few words.</param>
public sealed record ProbeSample(DateTimeOffset At, bool IsGood, TimeSpan? Latency, string Said);

/// <summary>Takes looks at what probes name; both hosts use the same. Heartbeats are not among them: they come by themselves.</summary>
public interface IProbing
{
    /// <summary>Looks once, within the probe's timeout; whatever keeps it from an answer is a failed sample, never an exception.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<ProbeSample> LookAsync(Probe probe, CancellationToken cancellation);
}
