#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what Commander needs to build, run and be tested on Debian 12 and Ubuntu 24.04, and nothing when it is all there.
# Usage: .ci/packages.sh run|test     (needs root or sudo only when something is missing)
set -euo pipefail

# name or name|alternative: the first one that this release knows. name?: done without where it cannot be had.
build=(
    "build-essential" "cmake" "ninja-build" "pkg-config"          # compiler and build tools
    "qt6-base-dev" "qt6-httpserver-dev" "libgl-dev"               # Qt: core, network, widgets, HTTP server
    "qt6-websockets-dev|libqt6websockets6-dev"                    # required by Qt HTTP Server's CMake files
    "qt6-charts-dev|libqt6charts6-dev" "libqt6opengl6-dev"        # charts, and what its CMake files ask for
    "qt6-svg-dev|libqt6svg6-dev"                                 # icons
    "qt6-declarative-dev"                                         # scripted domains
    "qt6-tools-dev" "qt6-tools-dev-tools" "qt6-l10n-tools"        # translations
    "libsqlite3-dev" "libssl-dev" "librdkafka-dev"                # ledger file, hashes, Kafka
    "rapidjson-dev" "libvalijson-dev" "libexpected-dev"           # JSON, JSON Schema, Result
    "libre2-dev"                                                  # regular expressions of filters
    "libigraph-dev"                                               # lineage layout
)
run=("curl" "xvfb" "xauth" "fonts-dejavu-core" "fonts-inter" "fonts-jetbrains-mono")
test=("clang-format-14?" "python3" "sqlite3" "chromium?" "python3-venv?")

case "${1:-}" in
run) wanted=("${build[@]}" "${run[@]}") ;;
test) wanted=("${build[@]}" "${run[@]}" "${test[@]}") ;;
*)
    echo "usage: $0 run|test" >&2
    exit 2
    ;;
esac

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This script knows Debian 12 and Ubuntu 24.04 only. On another system install the libraries named in" >&2
    echo "CONTRIBUTING.md, then run: cmake --preset release && cmake --build --preset release" >&2
    exit 1
fi

known() { apt-cache show "$1" >/dev/null 2>&1; }

missing=()
optional=()
for entry in "${wanted[@]}"; do
    if [[ $entry == *\? ]]; then
        optional+=("${entry%\?}")
        continue
    fi
    found=no
    for name in ${entry//|/ }; do
        if installed "$name"; then found=yes; fi
    done
    if [ "$found" = no ]; then missing+=("$entry"); fi
done
# Only what apt knows of: a release without it must not ask the network at every start.
for name in "${optional[@]}"; do
    if ! installed "$name" && known "$name"; then missing+=("$name"); fi
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "These packages are missing and only root may install them: ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

echo "Commander needs these packages to build and run; installing them with apt-get:"
printf '  %s\n' "${missing[@]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq || echo "warning: the package lists could not be updated; trying with the ones here" >&2
names=()
for entry in "${missing[@]}"; do
    chosen=${entry%%|*}
    for name in ${entry//|/ }; do
        if known "$name"; then
            chosen=$name
            break
        fi
    done
    names+=("$chosen")
done
# The lists may have been empty before the update.
for name in "${optional[@]}"; do
    if ! installed "$name" && known "$name" && [[ " ${names[*]} " != *" $name "* ]]; then names+=("$name"); fi
done
# env: sudo drops the environment
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${names[@]}"
