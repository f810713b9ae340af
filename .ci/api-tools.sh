#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the tools of the contract test (tests/contract) into build/api-tools, from PyPI and npm. What cannot be had is
# left out with a line that says so; the test is skipped then.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
tools=build/api-tools
mkdir -p "$tools"

if ! python3 -m venv "$tools/venv" || ! "$tools/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/contract/requirements.txt; then
    echo "The OpenAPI tools could not be installed: the contract test will be skipped." >&2
    rm -rf "$tools/venv"
fi
if command -v npm >/dev/null; then
    cp tests/contract/package.json "$tools/"
    npm install --prefix "$tools" --no-audit --no-fund --silent || {
        echo "The AsyncAPI validator could not be installed: that part will be skipped." >&2
        rm -rf "$tools/node_modules"
    }
else
    echo "No npm: the AsyncAPI document will not be validated." >&2
fi
