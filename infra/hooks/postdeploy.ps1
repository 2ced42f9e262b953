# As postdeploy.sh, for Windows: waits until the app answers, and says where it is and what comes next. It changes nothing, and never fails a deployment that worked.
$ErrorActionPreference = 'Stop'

$address = $env:SERVICE_FUNCTIONS_URI
$tries = if ($env:HEALTH_TRIES) { [int]$env:HEALTH_TRIES } else { 12 }
$pause = if ($env:HEALTH_PAUSE) { [int]$env:HEALTH_PAUSE } else { 15 }

# Roles that were only just given take some minutes until every service knows them.
$answer = 0
for ($try = 1; $try -le $tries; $try++) {
    try {
        $answer = [int](Invoke-WebRequest -Uri "$address/api/health" -TimeoutSec 30 -SkipHttpErrorCheck).StatusCode
    }
    catch {
        # No connection yet: that is what this waits for.
        $answer = 0
    }

    if ($answer -eq 200) { break }
    if ($try -lt $tries) { Start-Sleep -Seconds $pause }
}

Write-Host ''
Write-Host "The app:         $address"
Write-Host "The public form: $address/feedback"
switch ($answer) {
    200 { Write-Host 'Its health:      all timers run.' }
    0 { Write-Host "Its health:      no answer yet. Roles may take ten minutes to be known; then look at $address/api/health" }
    default { Write-Host "Its health:      $answer. Some timers may not have run yet; look again at $address/api/health" }
}

Write-Host ''
Write-Host 'What comes next (docs/deployment.md):'
Write-Host '  1. Replace plan/plan.yaml by your own; check it: dotnet run --project local -- plan check; then: azd deploy'
Write-Host "     People are known by the address that they sign in with: each person's 'email' in the plan."
if ($env:SIGN_IN_CLIENT_ID) {
    Write-Host "  2. Say who may sign in: Entra ID, Enterprise applications, 'MaintenanceFunctions $env:AZURE_ENV_NAME', Users and groups."
}
else {
    Write-Host "  2. Nobody can sign in yet: docs/deployment.md, section 'Signing in'."
}

if (-not $env:ALERT_MAIL) {
    Write-Host '  3. Nobody hears of it when the app is silent: azd env set ALERT_MAIL <address>, then azd provision'
}

Write-Host "  Before there is anything to lose: add a passphrase to the backups' keys (docs/restore-from-nothing.md)."
