using System.Diagnostics;
using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>azd's hooks, run by a shell against an azd and an az that only note what they are asked for. Those for Windows are compared by what they ask for.</summary>
public sealed partial class HookTests : IDisposable
{
    private const string Secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private const string Az = """
        #!/bin/sh
        printf 'az %s\n' "$*" >> "$NOTES"
        case "$*" in
          "account show"*) exit 0 ;;
          "resource list"*) printf '%s\n' "${FAKE_VAULT:-}" ;;
          "keyvault secret show"*) [ -n "${FAKE_SECRET:-}" ] || exit 1; printf '%s\n' "$FAKE_SECRET" ;;
          "ad app list"*) [ -z "${FAKE_APPS:-}" ] || printf '%s\n' $FAKE_APPS ;;
          "ad app create"*) [ -z "${FAKE_REFUSED:-}" ] || exit 1; echo new-client ;;
          "ad sp show"*) [ -n "${FAKE_PRINCIPAL:-}" ] ;;
          "ad app show"*) [ -z "${FAKE_ADDRESSES:-}" ] || printf '%s\n' $FAKE_ADDRESSES ;;
          "ad app federated-credential list"*) printf '%s\n' "${FAKE_TRUSTED:-}" ;;
        esac

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hooks-");

    private string Notes => Path.Join(_folder.FullName, "notes");

    public void Dispose() => _folder.Delete(recursive: true);

    [PosixFact]
    public async Task A_new_environment_gets_a_secret_a_first_month_and_an_app_registration_with_a_principal()
    {
        var (exit, _, notes) = await RunAsync("preprovision", hasAz: true);

        Assert.Equal(0, exit);
        Assert.Matches(TrackingKey(), Assert.Single(notes, static note => note.StartsWith("azd env set TRACKING_KEY", StringComparison.Ordinal)));
        Assert.Matches(BudgetStart(), Assert.Single(notes, static note => note.StartsWith("azd env set BUDGET_START", StringComparison.Ordinal)));
        Assert.Contains("azd env set SIGN_IN_CLIENT_ID new-client", notes);
        Assert.Single(notes, static note => note.StartsWith("az ad app create --display-name MaintenanceFunctions dev --sign-in-audience AzureADMyOrg", StringComparison.Ordinal));
        Assert.Single(notes, static note => note == "az ad sp create --id new-client");
    }

    [PosixFact]
    public async Task Each_secret_is_another() => Assert.NotEqual((await RunAsync("preprovision", hasAz: false)).Notes[0], (await RunAsync("preprovision", hasAz: false)).Notes[0]);

    [PosixFact]
    public async Task The_second_time_nothing_is_changed()
    {
        var (exit, _, notes) = await RunAsync("preprovision", hasAz: true, ("TRACKING_KEY", Secret), ("BUDGET_START", "2026-11-01"), ("SIGN_IN_CLIENT_ID", "client"));

        Assert.Equal(0, exit);
        Assert.Empty(notes);
    }

    [PosixFact]
    public async Task A_registration_of_that_name_is_taken_and_two_are_not_guessed_between()
    {
        var (_, _, one) = await RunAsync("preprovision", hasAz: true, ("FAKE_APPS", "old-client"), ("FAKE_PRINCIPAL", "there"));
        var (exit, said, two) = await RunAsync("preprovision", hasAz: true, ("FAKE_APPS", "old-client other-client"));

        Assert.Contains("azd env set SIGN_IN_CLIENT_ID old-client", one);
        Assert.DoesNotContain(one, static note => note.Contains(" create ", StringComparison.Ordinal));
        Assert.Equal(0, exit);
        Assert.Contains("Several app registrations", said, StringComparison.Ordinal);
        Assert.DoesNotContain(two, static note => note.Contains("SIGN_IN_CLIENT_ID", StringComparison.Ordinal));
    }

    [PosixTheory]
    [InlineData(false, "", "the az tool is not there")]
    [InlineData(true, "refused", "may not register apps")]
    public async Task Without_the_right_to_register_apps_it_says_what_to_do_and_goes_on(bool hasAz, string refused, string reason)
    {
        var (exit, said, notes) = await RunAsync("preprovision", hasAz, ("FAKE_REFUSED", refused));

        Assert.Equal(0, exit);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.Contains("azd env set SIGN_IN_CLIENT_ID", said, StringComparison.Ordinal);
        Assert.DoesNotContain(notes, static note => note.StartsWith("azd env set SIGN_IN", StringComparison.Ordinal));
    }

    [PosixFact]
    public async Task Whoever_wants_nobody_to_sign_in_is_not_asked_again()
    {
        var (exit, said, notes) = await RunAsync("preprovision", hasAz: true, ("TRACKING_KEY", Secret), ("BUDGET_START", "2026-11-01"), ("SIGN_IN", "none"));

        Assert.Equal((0, ""), (exit, said));
        Assert.Empty(notes);
    }

    [PosixFact]
    public async Task From_another_machine_the_secret_is_taken_from_the_vault_and_never_made_anew()
    {
        var (taken, _, notes) = await RunAsync("preprovision", hasAz: true, ("FAKE_VAULT", "kv-x"), ("FAKE_SECRET", Secret), ("SIGN_IN", "none"));
        var (refused, said, none) = await RunAsync("preprovision", hasAz: true, ("FAKE_VAULT", "kv-x"), ("SIGN_IN", "none"));
        var (known, _, without) = await RunAsync("preprovision", hasAz: false, ("KEY_VAULT_NAME", "kv-x"), ("SIGN_IN", "none"));

        Assert.Equal((0, 1, 1), (taken, refused, known));
        Assert.Contains($"azd env set TRACKING_KEY {Secret}", notes);
        Assert.Contains("Key Vault Secrets User", said, StringComparison.Ordinal);
        Assert.DoesNotContain(none.Concat(without), static note => note.StartsWith("azd", StringComparison.Ordinal));
    }

    [PosixFact]
    public async Task After_provisioning_the_registration_learns_the_addresses_beside_those_it_has_and_trusts_the_apps_identity()
    {
        var (exit, _, notes) = await RunAsync("postprovision", hasAz: true, ("SIGN_IN_CLIENT_ID", "client"), ("FAKE_ADDRESSES", "https://old.example/cb"), ("PUBLIC_URL", "https://desk.example.org/"));

        Assert.Equal(0, exit);
        Assert.Contains("az ad app update --id client --web-redirect-uris https://old.example/cb https://func.example/.auth/login/aad/callback https://desk.example.org/.auth/login/aad/callback", notes);
        var trust = Assert.Single(notes, static note => note.StartsWith("az ad app federated-credential create", StringComparison.Ordinal));
        Assert.Contains("""{"name":"app-identity-principal","issuer":"https://login.microsoftonline.com/tenant/v2.0","subject":"principal","audiences":["api://AzureADTokenExchange"]}""", trust, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task The_second_time_the_registration_is_left_as_it_is()
    {
        var (exit, _, notes) = await RunAsync(
            "postprovision", hasAz: true, ("SIGN_IN_CLIENT_ID", "client"), ("FAKE_ADDRESSES", "https://func.example/.auth/login/aad/callback https://more.example/cb"), ("FAKE_TRUSTED", "app-identity"));

        Assert.Equal(0, exit);
        Assert.DoesNotContain(notes, static note => note.Contains(" update ", StringComparison.Ordinal) || note.Contains(" create ", StringComparison.Ordinal));
    }

    [PosixFact]
    public async Task Without_az_it_says_what_the_registrations_owner_has_to_enter()
    {
        var (exit, said, _) = await RunAsync("postprovision", hasAz: false, ("SIGN_IN_CLIENT_ID", "client"));

        Assert.Equal(0, exit);
        Assert.Contains("https://func.example/.auth/login/aad/callback", said, StringComparison.Ordinal);
        Assert.Contains("subject principal", said, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task After_deployment_it_says_where_the_app_is_and_fails_nothing()
    {
        var (exit, said, notes) = await RunAsync("postdeploy", hasAz: false, ("SIGN_IN_CLIENT_ID", "client"), ("ALERT_MAIL", "ops@example.org"));

        Assert.Equal(0, exit);
        Assert.Contains("https://func.example/feedback", said, StringComparison.Ordinal);
        Assert.Contains("Replace plan/plan.yaml", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody", said, StringComparison.Ordinal);
        Assert.Empty(notes);
    }

    [Fact]
    public void Every_hook_of_azure_yaml_is_there_for_both_kinds_of_shell_and_asks_for_the_same()
    {
        var hooks = Hook().Matches(Repository.Read("azure.yaml")).Select(static match => match.Groups["path"].Value).ToList();

        Assert.Equal(6, hooks.Count);
        Assert.All(hooks, static path => Assert.True(File.Exists(Repository.Locate(path)), path));
        foreach (var name in new[] { "preprovision", "postprovision", "postdeploy" })
        {
            var (posix, windows) = (Repository.Read($"infra/hooks/{name}.sh"), Repository.Read($"infra/hooks/{name}.ps1"));
            Assert.Equal(Asked(posix), Asked(windows));
            Assert.Equal(Variable().Matches(posix).Select(static match => match.Groups["name"].Value).Distinct().Order(), Variable().Matches(windows).Select(static match => match.Groups["name"].Value).Distinct().Order());
        }

        static IEnumerable<string> Asked(string text) => Command().Matches(text).Select(static match => match.Value).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void The_service_of_azure_yaml_is_the_tag_of_the_app_and_the_hooks_values_are_the_templates()
    {
        var service = Service().Match(Repository.Read("azure.yaml")).Groups["name"].Value;

        Assert.Equal(service, ((IReadOnlyDictionary<string, object?>)Template.Deploy().One("Microsoft.Web/sites").Body["tags"]!)["azd-service-name"]);
        var parameters = Repository.Read("infra/main.parameters.json");
        Assert.All(["TRACKING_KEY", "BUDGET_START", "SIGN_IN_CLIENT_ID", "PUBLIC_URL", "ALERT_MAIL"], name => Assert.Contains("${" + name, parameters, StringComparison.Ordinal));
        var outputs = Template.File("main.bicep").Of(BicepKind.Output).Select(static output => output.Name).ToHashSet();
        Assert.All(["KEY_VAULT_NAME", "SERVICE_FUNCTIONS_URI", "APP_IDENTITY_PRINCIPAL_ID", "AZURE_TENANT_ID"], name => Assert.Contains(name, outputs));
    }

    [Fact]
    public void The_app_roles_are_those_that_the_system_knows()
    {
        var values = System.Text.Json.JsonDocument.Parse(Repository.Read("infra/hooks/app-roles.json")).RootElement.EnumerateArray().Select(static role => role.GetProperty("value").GetString());

        Assert.Equal([Maintenance.Roles.Administrator, Maintenance.Roles.Support], values);
    }

    private async Task<(int Exit, string Said, IReadOnlyList<string> Notes)> RunAsync(string hook, bool hasAz, params (string Name, string Value)[] variables)
    {
        File.Delete(Notes);
        var bin = Path.Join(_folder.FullName, hasAz ? "with-az" : "without");
        if (!Directory.Exists(bin))
        {
            Directory.CreateDirectory(bin);
            foreach (var tool in new[] { "od", "tr", "date", "grep", "dirname" })
            {
                File.CreateSymbolicLink(Path.Join(bin, tool), new[] { "/usr/bin", "/bin" }.Select(folder => Path.Join(folder, tool)).First(File.Exists));
            }

            Write("azd", "#!/bin/sh\nprintf 'azd %s\\n' \"$*\" >> \"$NOTES\"\n");
            if (hasAz)
            {
                Write("az", Az);
            }
        }

        var start = new ProcessStartInfo("/bin/sh", [Repository.Locate($"infra/hooks/{hook}.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in new[]
        {
            ("PATH", bin), ("NOTES", Notes), ("AZURE_ENV_NAME", "dev"), ("AZURE_TENANT_ID", "tenant"), ("APP_IDENTITY_PRINCIPAL_ID", "principal"), ("SERVICE_FUNCTIONS_URI", "https://func.example"), ("HEALTH_TRIES", "0"),
        }.Concat(variables))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said), File.Exists(Notes) ? await File.ReadAllLinesAsync(Notes) : []);

        void Write(string tool, string script)
        {
            var path = Path.Join(bin, tool);
            File.WriteAllText(path, script);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    [GeneratedRegex(@"\Aazd env set TRACKING_KEY [0-9a-f]{64}\z")]
    private static partial Regex TrackingKey();

    [GeneratedRegex(@"\Aazd env set BUDGET_START [0-9]{4}-[0-9]{2}-01\z")]
    private static partial Regex BudgetStart();

    [GeneratedRegex(@"run: \./(?<path>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Hook();

    [GeneratedRegex(@"^services:\n  (?<name>\w+):", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Service();

    /// <summary>What az is told to do.</summary>
    [GeneratedRegex(@"\baz (account|resource|keyvault|ad)( (app|sp|secret|federated-credential))* (show|list|create|update)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    /// <summary>A value of azd's environment.</summary>
    [GeneratedRegex(@"(\$\{?|\$env:)(?!LASTEXITCODE)(?<name>[A-Z][A-Z_]{3,})\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}

/// <summary>Where there is a shell of POSIX.</summary>
internal sealed class PosixFactAttribute : FactAttribute
{
    public PosixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows runs the hooks that are written for it." : null;
}

/// <inheritdoc cref="PosixFactAttribute"/>
internal sealed class PosixTheoryAttribute : TheoryAttribute
{
    public PosixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows runs the hooks that are written for it." : null;
}
