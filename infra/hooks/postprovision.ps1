# As postprovision.sh, for Windows: the app registration learns where the app is, and to trust its identity in place of a client secret. What is there stays.
$ErrorActionPreference = 'Stop'

$client = $env:SIGN_IN_CLIENT_ID
if (-not $client) { exit 0 }

$callbacks = @("$env:SERVICE_FUNCTIONS_URI/.auth/login/aad/callback")
if ($env:PUBLIC_URL) { $callbacks += "$($env:PUBLIC_URL.TrimEnd('/'))/.auth/login/aad/callback" }

function Stop-ByHand([string] $why) {
    Write-Host "$why Whoever owns the app registration $client does this once, or nobody can sign in:"
    Write-Host "  redirect addresses (platform Web): $callbacks"
    Write-Host "  federated credential (Certificates & secrets): issuer https://login.microsoftonline.com/$env:AZURE_TENANT_ID/v2.0,"
    Write-Host "    subject $env:APP_IDENTITY_PRINCIPAL_ID, audience api://AzureADTokenExchange"
    exit 0
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-ByHand 'The az tool is not there.' }
az account show *> $null
if ($LASTEXITCODE -ne 0) { Stop-ByHand 'Nobody is signed in with the az tool.' }

$known = @(az ad app show --id $client --query 'web.redirectUris' --output tsv)
if ($LASTEXITCODE -ne 0) { Stop-ByHand 'The app registration cannot be read from here.' }
$missing = @($callbacks | Where-Object { $known -notcontains $_ })
if ($missing.Count -gt 0) {
    $wanted = $known + $missing
    az ad app update --id $client --web-redirect-uris @wanted
    if ($LASTEXITCODE -ne 0) { Stop-ByHand 'This account may not change the app registration.' }
}

$trusted = az ad app federated-credential list --id $client --query "[?subject=='$env:APP_IDENTITY_PRINCIPAL_ID'].name" --output tsv
if ($LASTEXITCODE -ne 0) { Stop-ByHand 'The credentials of the app registration cannot be read from here.' }
if (-not $trusted) {
    # From a file: quotation marks on a command line are read differently by every shell of Windows.
    $file = New-TemporaryFile
    try {
        @{
            name = "app-identity-$env:APP_IDENTITY_PRINCIPAL_ID"
            issuer = "https://login.microsoftonline.com/$env:AZURE_TENANT_ID/v2.0"
            subject = $env:APP_IDENTITY_PRINCIPAL_ID
            audiences = @('api://AzureADTokenExchange')
        } | ConvertTo-Json | Set-Content -Path $file -Encoding utf8NoBOM
        az ad app federated-credential create --id $client --parameters "@$file" > $null
        if ($LASTEXITCODE -ne 0) { Stop-ByHand 'This account may not change the app registration.' }
    }
    finally {
        Remove-Item $file
    }
}
