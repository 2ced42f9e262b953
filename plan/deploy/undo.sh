#!/bin/sh
# Called for each target that a change had reached, before the backups are restored. MAINTENANCE_SNAPSHOTS names the snapshots that were taken just before.
set -eu
echo "${MAINTENANCE_PATCH}: the former version is back on ${MAINTENANCE_TARGET:-the ring ${MAINTENANCE_RING}}"
