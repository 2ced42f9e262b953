#!/bin/sh
# After the resources are made: the app registration learns where the app is, and to trust its identity in place of a client secret. What is there stays.
set -eu

say() { printf '%s\n' "$*" >&2; }

if [ -z "${SIGN_IN_CLIENT_ID:-}" ]; then
  exit 0
fi

callbacks="$SERVICE_FUNCTIONS_URI/.auth/login/aad/callback"
if [ -n "${PUBLIC_URL:-}" ]; then
  callbacks="$callbacks ${PUBLIC_URL%/}/.auth/login/aad/callback"
fi

by_hand() {
  say "$1 Whoever owns the app registration $SIGN_IN_CLIENT_ID does this once, or nobody can sign in:"
  say "  redirect addresses (platform Web): $callbacks"
  say "  federated credential (Certificates & secrets): issuer https://login.microsoftonline.com/$AZURE_TENANT_ID/v2.0,"
  say "    subject $APP_IDENTITY_PRINCIPAL_ID, audience api://AzureADTokenExchange"
  exit 0
}

if ! { command -v az >/dev/null 2>&1 && az account show >/dev/null 2>&1; }; then
  by_hand "The az tool is not there, or nobody is signed in with it."
fi

known=$(az ad app show --id "$SIGN_IN_CLIENT_ID" --query 'web.redirectUris' --output tsv) || by_hand "The app registration cannot be read from here."
wanted=$known
for callback in $callbacks; do
  printf '%s\n' "$known" | grep -qxF "$callback" || wanted="$wanted $callback"
done

if [ "$wanted" != "$known" ]; then
  # Split on purpose: each address is an argument of its own.
  # shellcheck disable=SC2086
  az ad app update --id "$SIGN_IN_CLIENT_ID" --web-redirect-uris $wanted || by_hand "This account may not change the app registration."
fi

trusted=$(az ad app federated-credential list --id "$SIGN_IN_CLIENT_ID" --query "[?subject=='$APP_IDENTITY_PRINCIPAL_ID'].name" --output tsv) \
  || by_hand "The credentials of the app registration cannot be read from here."
if [ -z "$trusted" ]; then
  az ad app federated-credential create --id "$SIGN_IN_CLIENT_ID" --parameters "{\"name\":\"app-identity-$APP_IDENTITY_PRINCIPAL_ID\",\"issuer\":\"https://login.microsoftonline.com/$AZURE_TENANT_ID/v2.0\",\"subject\":\"$APP_IDENTITY_PRINCIPAL_ID\",\"audiences\":[\"api://AzureADTokenExchange\"]}" >/dev/null \
    || by_hand "This account may not change the app registration."
fi
