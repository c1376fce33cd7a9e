#!/bin/sh
# One night: measure into FOLDER, then say what changed. Usage: nightly.sh FOLDER [SUITE]
# Quiet where nothing is new. The exit code is that of `podbench track`, or of the run that failed.
set -eu
folder=$1
suite=${2:-smoke}
mkdir -p "$folder"
report=$(mktemp)
trap 'rm -f "$report"' EXIT
podbench run --suite "$suite" --quiet --out "$folder/$(date -u +%Y%m%dT%H%M%SZ).h5" >/dev/null
code=0
podbench track "$folder" --html "$folder/history.html" --keep 365 >"$report" 2>&1 || code=$?
# 3: the first nights are too few to judge.
if [ "$code" != 0 ] && [ "$code" != 3 ]; then cat "$report"; exit "$code"; fi
