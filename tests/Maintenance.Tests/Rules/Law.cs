using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Maintenance.Tests.Rules;

/// <summary>
/// Checks a law against generated cases. The cases are the same on every run, so that a change is never blamed for another's luck;
/// <c>MAINTENANCE_FULL=1</c> takes twenty times as many, new ones each time.
/// </summary>
internal static class Law
{
    private const ulong Seed = 20261122;

    private static bool Full => Environment.GetEnvironmentVariable("MAINTENANCE_FULL") == "1";

    /// <summary>Throws with the case in words unless <paramref name="law"/> returns on each case.</summary>
    public static void Holds<T>(Gen<T> cases, int count, Action<T> law)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Full ? 20 * count : count).WithQuietOnSuccess(true);
        config = Full ? config : config.WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed), FSharpOption<int>.None)));
        Prop.ForAll(Arb.From(cases), law).Check(config);
    }
}
