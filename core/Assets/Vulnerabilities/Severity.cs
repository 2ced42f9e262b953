namespace Maintenance.Assets.Vulnerabilities;

/// <summary>How bad a vulnerability is, by CVSS's qualitative scale.</summary>
public enum Severity
{
    /// <summary>0.0.</summary>
    None,

    /// <summary>0.1 to 3.9.</summary>
    Low,

    /// <summary>4.0 to 6.9.</summary>
    Medium,

    /// <summary>7.0 to 8.9.</summary>
    High,

    /// <summary>9.0 to 10.0.</summary>
    Critical,
}
