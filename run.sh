#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Commander and opens it on a local sandbox. Options are passed on; see --help below.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

usage() {
    cat <<'TEXT'
usage: ./run.sh [--demo-shots DIR] [--headless] [options of commander…]
  (nothing)           install what is missing, build, open the console on the sandbox workspace;
                      without a display: serve the same workspace over REST
  --headless          serve without a window even when there is a display
  --demo-shots DIR    play the demo in a virtual display and save one screenshot a page, light and dark
TEXT
}

headless=no
shots=""
options=()
while [ $# -gt 0 ]; do
    case "$1" in
    -h | --help) usage; exit 0 ;;
    --headless) headless=yes ;;
    --demo-shots)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        mkdir -p "$2"
        shots=$(readlink -f "$2")
        shift
        ;;
    *) options+=("$1") ;;
    esac
    shift
done

.ci/packages.sh run
cmake --preset release >build-release.log 2>&1 || { cat build-release.log >&2; exit 1; }
echo "Building Commander (the first time takes a few minutes)…"
cmake --build --preset release --target commander commanderctl >>build-release.log 2>&1 || { tail -n 60 build-release.log >&2; exit 1; }

bin=build/release/app
if [ -n "$shots" ]; then
    exec xvfb-run -a -s "-screen 0 1440x900x24" "$bin/commander" --demo-shots "$shots" "${options[@]}"
fi
if [ "$headless" = yes ] || { [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; }; then
    exec "$bin/commanderctl" serve --sandbox "${options[@]}"
fi
exec "$bin/commander" "${options[@]}"
