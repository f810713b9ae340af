#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds `commanderctl serve` against the OpenAPI and AsyncAPI documents that it serves itself.

usage: api_contract.py COMMANDERCTL --tools DIR [--examples N] [--seed N]

Validates both documents and sends the server property-based requests made from the OpenAPI document, over loopback and
for a bounded time. Exit code 77 (skipped) when the tools are not in DIR; .ci/api-tools.sh puts them there.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SKIPPED = 77
# Filters, cursors and moments have more rules than a JSON Schema can state, so a request that fits the schema may still
# be refused with a 400 that says why.
# More than ten wrong tokens a minute are answered 429; that each operation asks for one is held below.
LEFT_OUT = "positive_data_acceptance,ignored_auth"


class Server:
    """A sandbox on a free port, stopped with the block."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def __enter__(self):
        ready = self.folder / "ready"
        self.process = subprocess.Popen(
            [self.program, "serve", "--sandbox", "--workspace", str(self.folder / "contract.ledger"), "--port", "0",
             "--ready-file", str(ready), "--token-file", str(self.folder / "token"), "--rate", "0"],
            stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not (ready.exists() and ready.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)  # a file has no event to wait for here
        self.bearer = "Bearer " + (self.folder / "token").read_text().strip()
        return self, ready.read_text().strip()

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        if code != 0:
            raise RuntimeError(f"the server ended with exit code {code}")


def fetch(url, path, bearer):
    request = urllib.request.Request(url, headers={"Authorization": bearer})
    with urllib.request.urlopen(request, timeout=30) as answer:
        path.write_bytes(answer.read())


def refused_without_token(url, document):
    """Every operation that the document closes is closed, whatever else is wrong with the request."""
    good = True
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if verb == "parameters" or {} in operation["security"]:
                continue
            target = url + path.replace("{", "").replace("}", "")
            request = urllib.request.Request(target, method=verb.upper(), data=b"{}" if verb in ("post", "put") else None)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    status = answer.status
            except urllib.error.HTTPError as refusal:
                status = refusal.code
            if status != 401:
                print(f"{verb} {path} without a token: {status}")
                good = False
    return good


def run(what, command, **options):
    print(f"-- {what}", flush=True)
    code = subprocess.run([str(part) for part in command], check=False, **options).returncode
    print(f"-- {what}: {'ok' if code == 0 else f'FAILED ({code})'}", flush=True)
    return code == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("commanderctl")
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--examples", type=int, default=int(os.environ.get("COMMANDER_API_EXAMPLES", "0")))
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    options = parser.parse_args()
    options.tools = options.tools.resolve()
    bin_folder = options.tools / "venv" / "bin"
    if not (bin_folder / "schemathesis").exists():
        print(f"SKIPPED: no API tools in {options.tools}; .ci/api-tools.sh installs them")
        return SKIPPED
    here = pathlib.Path(__file__).resolve().parent
    # The first two phases are the same every time; random requests are for whoever looks for what nobody thought of.
    phases = "examples,coverage,fuzzing" if options.examples > 0 else "examples,coverage"
    good = True
    with tempfile.TemporaryDirectory() as folder, Server(options.commanderctl, folder) as (server, url):
        work = pathlib.Path(folder)
        fetch(url + "/openapi.json", work / "openapi.json", server.bearer)
        fetch(url + "/asyncapi.json", work / "asyncapi.json", server.bearer)
        good &= run("OpenAPI document", [bin_folder / "python", "-m", "openapi_spec_validator", work / "openapi.json"])
        node = shutil.which("node")
        if node and (options.tools / "node_modules" / "@asyncapi" / "parser").exists():
            good &= run("AsyncAPI document",
                        [node, here / "validate_asyncapi.mjs", options.tools, work / "asyncapi.json"])
        else:
            print("SKIPPED: AsyncAPI document, for want of Node.js and its validator")
        good &= refused_without_token(url, json.loads((work / "openapi.json").read_text()))
        print(f"seed {options.seed}")
        good &= run("requests made from the OpenAPI document",
                    [bin_folder / "schemathesis", "--config-file", here / "schemathesis.toml", "run", url + "/openapi.json", "--exclude-path-regex", "/updates$",
                     "--header", "Authorization: " + server.bearer,
                     "--checks", "all", "--exclude-checks", LEFT_OUT, "--max-examples", max(options.examples, 1), "--seed",
                     options.seed, "--workers", "1", "--phases", phases, "--request-timeout", "30", "--no-color"], cwd=folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
