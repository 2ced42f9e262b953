using System.Reflection;
using System.Text.Json;
using Maintenance.Web.Http;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Triggers;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>The HTTP functions are the routes, all of them and no others.</summary>
public sealed class RouteParityTests
{
    private static readonly List<FunctionEntry> Functions = [.. FunctionCatalogue.With<HttpTriggerAttribute>()];

    [Fact]
    public void Every_route_has_its_function_and_every_HTTP_function_its_route()
    {
        var routes = Routes.All.Select(static route => $"{route.Name} {string.Join(',', route.Methods).ToLowerInvariant()} {Template(route)}").Order();
        var functions = Functions.Select(static function =>
        {
            var trigger = function.Trigger<HttpTriggerAttribute>()!;
            return $"{function.Name} {string.Join(',', trigger.Methods!)} {trigger.Route}";
        }).Order();

        Assert.Equal(routes, functions);
    }

    [Fact]
    public void Every_function_hands_the_request_to_its_own_route() =>
        Assert.All(Functions, static function => Assert.Equal(function.Name, Assert.Single(RoutesIn(function.Method)).Name));

    /// <summary>The host tells the platform of all triggers in one text of 204,800 characters at most; past that no change of them is taken, in silence.</summary>
    [Fact]
    public void What_the_platform_is_told_of_the_triggers_stays_far_below_what_it_takes()
    {
        var told = Functions.Sum(static function => JsonSerializer.Serialize(new
        {
            name = "request",
            direction = "In",
            type = "httpTrigger",
            authLevel = "Anonymous",
            methods = function.Trigger<HttpTriggerAttribute>()!.Methods,
            route = function.Trigger<HttpTriggerAttribute>()!.Route,
            properties = new { },
            functionName = function.Name,
        }).Length + 1);

        Assert.InRange(told, 1, 120_000);
    }

    [Fact]
    public void No_HTTP_function_asks_for_a_key() =>
        Assert.All(Functions, static function => Assert.Equal(AuthorizationLevel.Anonymous, function.Trigger<HttpTriggerAttribute>()!.AuthLevel));

    [Fact]
    public void No_template_is_empty_or_reserved_by_the_host() => Assert.All(Functions, static function =>
    {
        var template = function.Trigger<HttpTriggerAttribute>()!.Route;
        Assert.False(string.IsNullOrWhiteSpace(template));
        Assert.DoesNotMatch("^/|^(admin|runtime)", template);
    });

    [Fact]
    public void A_slash_for_the_root_would_be_no_template_behind_the_prefix() =>
        Assert.Throws<RoutePatternException>(static () => RoutePatternFactory.Parse("/" + "/"));

    // The worker chooses by ASP.NET Core's precedence, the host before it by an order of its own: neither may have a choice.
    [Fact]
    public void No_request_fits_two_routes() =>
        Assert.DoesNotContain(
            from one in Routes.All
            from other in Routes.All
            where one != other && one.Method == other.Method && MayMeet(one.Pattern.Split('/'), other.Pattern.Split('/'))
            select $"{one.Name} and {other.Name}",
            static _ => true);

    private static string Template(Route route) => route.Pattern.Length == 0 ? RouteTemplates.Root : route.Pattern;

    private static bool MayMeet(string[] one, string[] other) =>
        one.Length == other.Length && one.Zip(other).All(static pair => pair.First == pair.Second || pair.First.StartsWith('{') || pair.Second.StartsWith('{'));

    /// <summary>The routes that a method's code loads (ldsfld).</summary>
    private static List<Route> RoutesIn(MethodInfo method)
    {
        const byte LoadStaticField = 0x7E;
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        var routes = typeof(Routes).GetFields().Where(static field => field.FieldType == typeof(Route)).ToList();
        return
        [
            .. from at in Enumerable.Range(0, code.Length - 4)
               where code[at] == LoadStaticField && Resolve(method.Module, BitConverter.ToInt32(code, at + 1)) is { } loaded && routes.Contains(loaded)
               select (Route)Resolve(method.Module, BitConverter.ToInt32(code, at + 1))!.GetValue(null)!,
        ];
    }

    private static FieldInfo? Resolve(Module module, int token)
    {
        try
        {
            return module.ResolveField(token);
        }
        catch (ArgumentException)
        {
            // A byte that looked like the instruction was none.
            return null;
        }
    }
}
