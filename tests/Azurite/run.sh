#!/usr/bin/env bash
# The tests against Microsoft's storage emulator, over plain HTTP: names, keys, sizes and answers as the real service has them, without any client library.
# Needs the .NET 10 SDK, Node.js and the npm registry. The emulator's data lie in a folder of their own, and both are gone at the end.
# AZURITE_PORT is its first port (10000 where unset); the two above are taken too. Arguments go to dotnet test.
set -euo pipefail
cd "$(dirname "$0")/../.."
port=${AZURITE_PORT:-10000}
data=$(mktemp -d)

# With job control the emulator and whatever npx starts beside it are one group, which is stopped as one.
set -m
npx --yes azurite@3.37.0 --silent --disableTelemetry --skipApiVersionCheck --location "$data" \
  --blobPort "$port" --queuePort "$((port + 1))" --tablePort "$((port + 2))" >"$data/log" 2>&1 &
emulator=$!
set +m

stop() {
  kill -- "-$emulator" 2>/dev/null || true
  for _ in $(seq 1 100); do
    kill -0 -- "-$emulator" 2>/dev/null || break
    sleep 0.1
  done
  rm -rf "$data"
}
trap stop EXIT

for service in "$port" "$((port + 2))"; do
  for try in $(seq 1 120); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$service") 2>/dev/null; then break; fi
    if [ "$try" = 120 ] || ! kill -0 "$emulator" 2>/dev/null; then
      echo "The emulator did not start:" >&2
      cat "$data/log" >&2
      exit 1
    fi
    sleep 1
  done
done

AZURITE_ENDPOINT="http://127.0.0.1:$port" dotnet test tests/Functions.Tests --filter "FullyQualifiedName~.Azurite." "$@"
