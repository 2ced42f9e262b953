# As preprovision.sh, for Windows: the secret of the tracking codes, the month in which the budget begins, and the app registration that people sign in with.
# azd hands over the environment's values as variables. What is there stays: run twice, it changes nothing the second time.
$ErrorActionPreference = 'Stop'

function Test-Az {
    if (-not (Get-Command az -ErrorAction SilentlyContinue)) { return $false }
    az account show *> $null
    return $LASTEXITCODE -eq 0
}

function Set-AzdValue([string] $name, [string] $value) {
    azd env set $name $value
    if ($LASTEXITCODE -ne 0) { throw "azd env set $name failed." }
}

# An environment that was provisioned from another machine has its secret in the vault. A new one in its place would close every tracking code that was given out.
if (-not $env:TRACKING_KEY) {
    $vault = $env:KEY_VAULT_NAME
    if (-not $vault -and (Test-Az)) {
        $vault = az resource list --tag "azd-env-name=$env:AZURE_ENV_NAME" --resource-type Microsoft.KeyVault/vaults --query '[0].name' --output tsv
        if ($LASTEXITCODE -ne 0) { throw 'The resources of the subscription cannot be listed.' }
    }

    if (-not $vault) {
        $bytes = [byte[]]::new(32)
        [System.Security.Cryptography.RandomNumberGenerator]::Fill($bytes)
        Set-AzdValue 'TRACKING_KEY' ([System.Convert]::ToHexString($bytes).ToLowerInvariant())
        Write-Host "Made the secret of the tracking codes. It is in the environment's .env file, and with the provisioning in the vault."
    }
    else {
        $key = $null
        if (Test-Az) {
            $key = az keyvault secret show --vault-name $vault --name tracking-key --query value --output tsv
            if ($LASTEXITCODE -ne 0) { $key = $null }
        }

        if (-not $key) {
            Write-Host "The vault $vault has the secret of the tracking codes, and it cannot be read from here. Either give yourself the role 'Key Vault Secrets User' on the vault,"
            Write-Host "sign in with 'az login', and run this again; or, if every code that was given out may stop working, set TRACKING_KEY to 64 new hexadecimal digits with 'azd env set'."
            exit 1
        }

        Set-AzdValue 'TRACKING_KEY' $key
        Write-Host "Took the secret of the tracking codes from the vault $vault."
    }
}

if (-not $env:BUDGET_START) {
    Set-AzdValue 'BUDGET_START' ([System.DateTime]::UtcNow.ToString('yyyy-MM-01', [System.Globalization.CultureInfo]::InvariantCulture))
}

if ($env:SIGN_IN_CLIENT_ID -or $env:SIGN_IN -eq 'none') { exit 0 }

function Stop-ByHand([string] $why) {
    Write-Host "$why Without one nobody can sign in; the public form works all the same. Somebody who may register apps does this once:"
    Write-Host "  docs/deployment.md, section 'Signing in', then: azd env set SIGN_IN_CLIENT_ID <the registration's client id>, and azd up again."
    Write-Host '  To go on without and not be told again: azd env set SIGN_IN none'
    exit 0
}

if (-not (Test-Az)) { Stop-ByHand 'There is no app registration for signing in: the az tool is not there, or nobody is signed in with it.' }

$name = "MaintenanceFunctions $env:AZURE_ENV_NAME"
$found = @(az ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv)
if ($LASTEXITCODE -ne 0) { Stop-ByHand 'Nobody let this account look for app registrations.' }
if ($found.Count -gt 1) { Stop-ByHand "Several app registrations are called '$name', and which one is meant cannot be known." }
if ($found.Count -eq 1) {
    $client = $found[0]
}
else {
    $client = az ad app create --display-name $name --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --app-roles "@$PSScriptRoot/app-roles.json" --query appId --output tsv
    if ($LASTEXITCODE -ne 0) { Stop-ByHand 'This account may not register apps.' }
    Write-Host "Registered the app '$name' for signing in."
}

# The registration is what the directory offers; its service principal is what people and app roles are assigned to.
az ad sp show --id $client *> $null
if ($LASTEXITCODE -ne 0) {
    az ad sp create --id $client > $null
    if ($LASTEXITCODE -ne 0) { Stop-ByHand 'The app registration has no service principal, and this account may not make it.' }
}

Set-AzdValue 'SIGN_IN_CLIENT_ID' $client
