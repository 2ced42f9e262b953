#!/bin/sh
# Before the resources are made: the secret of the tracking codes, the month in which the budget begins, and the app registration that people sign in with.
# azd hands over the environment's values as variables. What is there stays: run twice, it changes nothing the second time.
set -eu

say() { printf '%s\n' "$*" >&2; }
has_az() { command -v az >/dev/null 2>&1 && az account show >/dev/null 2>&1; }

# An environment that was provisioned from another machine has its secret in the vault. A new one in its place would close every tracking code that was given out.
if [ -z "${TRACKING_KEY:-}" ]; then
  vault="${KEY_VAULT_NAME:-}"
  if [ -z "$vault" ] && has_az; then
    vault=$(az resource list --tag "azd-env-name=$AZURE_ENV_NAME" --resource-type Microsoft.KeyVault/vaults --query '[0].name' --output tsv)
  fi

  if [ -z "$vault" ]; then
    key=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    azd env set TRACKING_KEY "$key"
    say "Made the secret of the tracking codes. It is in the environment's .env file, and with the provisioning in the vault."
  elif has_az && key=$(az keyvault secret show --vault-name "$vault" --name tracking-key --query value --output tsv) && [ -n "$key" ]; then
    azd env set TRACKING_KEY "$key"
    say "Took the secret of the tracking codes from the vault $vault."
  else
    say "The vault $vault has the secret of the tracking codes, and it cannot be read from here. Either give yourself the role 'Key Vault Secrets User' on the vault,"
    say "sign in with 'az login', and run this again; or, if every code that was given out may stop working: azd env set TRACKING_KEY \$(openssl rand -hex 32)"
    exit 1
  fi
fi

if [ -z "${BUDGET_START:-}" ]; then
  azd env set BUDGET_START "$(date -u +%Y-%m-01)"
fi

if [ -n "${SIGN_IN_CLIENT_ID:-}" ] || [ "${SIGN_IN:-}" = none ]; then
  exit 0
fi

by_hand() {
  say "$1 Without one nobody can sign in; the public form works all the same. Somebody who may register apps does this once:"
  say "  docs/deployment.md, section 'Signing in', then: azd env set SIGN_IN_CLIENT_ID <the registration's client id>, and azd up again."
  say "To go on without and not be told again: azd env set SIGN_IN none"
  exit 0
}

has_az || by_hand "There is no app registration for signing in: the az tool is not there, or nobody is signed in with it."

name="MaintenanceFunctions $AZURE_ENV_NAME"
found=$(az ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv) || by_hand "Nobody let this account look for app registrations."
case $(printf '%s' "$found" | grep -c . || true) in
  0)
    client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --enable-id-token-issuance true \
      --app-roles "@$(dirname "$0")/app-roles.json" --query appId --output tsv) || by_hand "This account may not register apps."
    say "Registered the app '$name' for signing in."
    ;;
  1) client=$found ;;
  *) by_hand "Several app registrations are called '$name', and which one is meant cannot be known." ;;
esac

# The registration is what the directory offers; its service principal is what people and app roles are assigned to.
az ad sp show --id "$client" >/dev/null 2>&1 || az ad sp create --id "$client" >/dev/null || by_hand "The app registration has no service principal, and this account may not make it."
azd env set SIGN_IN_CLIENT_ID "$client"
