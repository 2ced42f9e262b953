#!/usr/bin/env bash
# Takes the pictures of the README and the documents anew, into docs/images: the sample plan on a busy morning, in a real browser (README.md says how it is found).
# Which pages, as whom and how large: tests/Browser.Tests/Screenshots/Picture.cs.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/images
# With CI a missing browser is an error, not a reason to skip.
MAINTENANCE_SCREENSHOTS="$PWD/docs/images" CI=true dotnet test tests/Browser.Tests --filter FullyQualifiedName~ScreenshotTests "$@"
