using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Whatever somebody's editor does to a plan, it is either good or has an error that can be found in the file.</summary>
public sealed class PlanMutationTests
{
    private const string Characters = " \t\n:-[]{},#&*!|>'\"%@`?~0aZ\\\u0000\u0085\uFEFF\uD800é";

    [Fact]
    public void A_mangled_plan_never_throws_and_is_good_or_has_an_error_inside_the_file() =>
        Prop.ForAll(Mutations(SamplePlan.Yaml).ToArbitrary(), static yaml => IsSound(SamplePlan.Load(yaml), yaml))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_mangled_small_plan_neither() =>
        Prop.ForAll(Mutations(SmallPlan.Yaml).ToArbitrary(), static yaml => IsSound(SmallPlan.Load(yaml), yaml))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void A_plan_that_ends_anywhere_is_read_to_its_end()
    {
        for (var length = 0; length < SmallPlan.Yaml.Length; length += 3)
        {
            var yaml = SmallPlan.Yaml[..length];
            Assert.True(IsSound(SmallPlan.Load(yaml), yaml), $"Cut after {length} characters.");
        }
    }

    private static bool IsSound(PlanLoad load, string yaml)
    {
        var lines = yaml.ReplaceLineEndings("\n").Split('\n').Length;
        var errors = load.Problems.Where(static problem => problem.Severity == PlanProblemSeverity.Error).ToList();
        return (load.Plan is null) == (errors.Count > 0)
            && load.Problems.All(problem => problem.Line >= 1 && problem.Line <= lines && problem.Column >= 1 && problem.Message.Length > 0)
            && load.Problems.Zip(load.Problems.Skip(1)).All(static pair => pair.First.Line <= pair.Second.Line)
            && load.Problems.Distinct().Count() == load.Problems.Count;
    }

    private static Gen<string> Mutations(string yaml) =>
        from seeds in Gen.Choose(0, int.MaxValue).NonEmptyListOf().Where(static seeds => seeds.Count <= 6)
        select seeds.Aggregate(yaml, Mutate);

    private static string Mutate(string yaml, int seed)
    {
        var random = new Random(seed);
        var lines = yaml.Split('\n').ToList();
        var (one, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(8))
        {
            case 0:
                lines.RemoveAt(one);
                break;
            case 1:
                lines.Insert(other, lines[one]);
                break;
            case 2:
                (lines[one], lines[other]) = (lines[other], lines[one]);
                break;
            case 3:
                lines[one] = "  " + lines[one];
                break;
            case 4:
                lines[one] = lines[one].TrimStart(' ');
                break;
            case 5:
                return yaml.Length == 0 ? yaml : yaml.Remove(random.Next(yaml.Length), 1);
            case 6:
                return yaml.Insert(random.Next(yaml.Length + 1), Characters[random.Next(Characters.Length)].ToString());
            default:
                var at = random.Next(yaml.Length + 1);
                return yaml.Length == 0 ? yaml : string.Concat(yaml.AsSpan(0, Math.Max(0, at - 1)), Characters[random.Next(Characters.Length)].ToString(), yaml.AsSpan(at));
        }

        return string.Join('\n', lines);
    }
}
