#!/bin/sh
# After the app is deployed: waits until it answers, and says where it is and what comes next. It changes nothing, and never fails a deployment that worked.
set -eu

# Roles that were only just given take some minutes until every service knows them.
answer=000
tries=${HEALTH_TRIES:-12}
while [ "$tries" -gt 0 ] && command -v curl >/dev/null 2>&1; do
  answer=$(curl --silent --output /dev/null --max-time 30 --write-out '%{http_code}' "$SERVICE_FUNCTIONS_URI/api/health" || true)
  [ "$answer" != 200 ] || break
  tries=$((tries - 1))
  [ "$tries" -eq 0 ] || sleep "${HEALTH_PAUSE:-15}"
done

echo
echo "The app:         $SERVICE_FUNCTIONS_URI"
echo "The public form: $SERVICE_FUNCTIONS_URI/feedback"
case $answer in
  200) echo "Its health:      all timers run." ;;
  000) echo "Its health:      no answer yet. Roles may take ten minutes to be known; then look at $SERVICE_FUNCTIONS_URI/api/health" ;;
  *) echo "Its health:      $answer. Some timers may not have run yet; look again at $SERVICE_FUNCTIONS_URI/api/health" ;;
esac
echo
echo "What comes next (docs/deployment.md):"
echo "  1. Replace plan/plan.yaml by your own; check it: dotnet run --project local -- plan check; then: azd deploy"
echo "     People are known by the address that they sign in with: each person's 'email' in the plan."
if [ -n "${SIGN_IN_CLIENT_ID:-}" ]; then
  echo "  2. Say who may sign in: Entra ID, Enterprise applications, 'MaintenanceFunctions ${AZURE_ENV_NAME:-}', Users and groups."
else
  echo "  2. Nobody can sign in yet: docs/deployment.md, section 'Signing in'."
fi
if [ -z "${ALERT_MAIL:-}" ]; then
  echo "  3. Nobody hears of it when the app is silent: azd env set ALERT_MAIL <address>, then azd provision"
fi
echo "  Before there is anything to lose: add a passphrase to the backups' keys (docs/restore-from-nothing.md)."
