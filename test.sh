#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything with warnings as errors, and runs every test. The ctest summary comes last.
# Usage: ./test.sh [ctest options…], e.g. ./test.sh -L engine
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

.ci/packages.sh test
cmake --preset ci
cmake --build --preset ci
exec ctest --test-dir build/ci --output-on-failure --no-tests=error --parallel 2 "$@"
