#!/bin/sh
# Called for each target of a ring, with what it needs in its environment. CivReg hands the artifact to the vendor's installer here; the sample only says so.
# The same MAINTENANCE_KEY comes again where an attempt was cut off: what it has done already must not be done twice.
set -eu
echo "${MAINTENANCE_PATCH}: ${MAINTENANCE_ARTIFACT:-what was approved} is on ${MAINTENANCE_TARGET:-the ring ${MAINTENANCE_RING}} (attempt ${MAINTENANCE_ATTEMPT})"
