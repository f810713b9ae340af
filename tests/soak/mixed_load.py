#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed load on `commanderctl serve` over loopback, for a bounded time: does memory stay, does latency?

usage: mixed_load.py COMMANDERCTL [--minutes N] [--rate N] [--json FILE]

Writers send commands at a steady rate over kept connections, readers ask for documents now and in the past, histories,
lists and lineages, one follower reads the event stream. One line a minute; at the end the ledger is verified and the last
quarter is held against the second (the first warms up): exit code 1 when memory or latency has grown.
"""
import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

ACCOUNTS = 2000
MEMORY_GROWTH_MAX = 1.5
LATENCY_GROWTH_MAX = 3.0


class Samples:
    """Latencies in milliseconds, by kind, since the last take()."""

    def __init__(self):
        self.lock = threading.Lock()
        self.values = {}
        self.errors = []

    def add(self, kind, ms):
        with self.lock:
            self.values.setdefault(kind, []).append(ms)

    def error(self, text):
        with self.lock:
            self.errors.append(text)

    def take(self):
        with self.lock:
            values, self.values = self.values, {}
            return values


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


class Client:
    def __init__(self, port, samples):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.samples = samples

    def ask(self, kind, verb, path, body=None, good=(200,)):
        begun = time.perf_counter()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(verb, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.samples.add(kind, (time.perf_counter() - begun) * 1000)
        if answer.status not in good:
            self.samples.error(f"{verb} {path}: {answer.status} {text[:200]!r}")
        return text


def write(port, samples, stop, rate, seed):
    chance = random.Random(seed)
    client = Client(port, samples)
    due = time.monotonic()
    while not stop.is_set():
        account = f"a{chance.randrange(ACCOUNTS)}"
        if chance.random() < 0.5:
            data = {"from_account": account, "to_account": f"a{chance.randrange(ACCOUNTS)}", "amount": chance.randrange(1, 2_000_000)}
            command = {"action": "transfer-money", "data": data}
        else:
            command = {"action": "deposit-money", "data": {"account": account, "amount": chance.randrange(1, 100_000)}}
        waits = chance.random() < 0.1
        client.ask("wait" if waits else "write", "POST", "/commands?sync=true" if waits else "/commands", json.dumps(command), (201, 202, 409))
        due += 1 / rate
        stop.wait(max(0, due - time.monotonic()))


def read(port, samples, stop, seed):
    chance = random.Random(seed)
    client = Client(port, samples)
    while not stop.is_set():
        head = json.loads(client.ask("read", "GET", "/ledger/head"))["position"]
        account = f"a{chance.randrange(ACCOUNTS)}"
        client.ask("read", "GET", f"/accounts/{account}")
        client.ask("past", "GET", f"/accounts/{account}?at={chance.randrange(ACCOUNTS * 4, max(ACCOUNTS * 4 + 1, head))}")
        client.ask("past", "GET", f"/views/accounts/{account}/history?limit=20")
        client.ask("past", "GET", f"/views/accounts/{account}/blame")
        listed = json.loads(client.ask("list", "GET", "/commands?limit=50"))["commands"]
        if listed:
            client.ask("list", "GET", f"/commands/{chance.choice(listed)['id']}/lineage")
        stop.wait(0.05)


def follow(port, stop, counts):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/updates?kind=command,event,result")
    answer = connection.getresponse()
    last = 0
    for line in answer:
        if stop.is_set():
            break
        if line.startswith(b"id: ") and b":" not in line[4:]:  # not the one that only says where the stream begins
            position = int(line[4:])
            if last and position != last + 1:
                counts["holes"] += 1
            last = position
            counts["frames"] += 1


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("commanderctl")
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("COMMANDER_SOAK_MINUTES", "30")))
    parser.add_argument("--rate", type=float, default=200, help="commands a second")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--json", help="write the rows to this file")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="commander-soak-") as folder:
        ledger, ready = os.path.join(folder, "soak.ledger"), os.path.join(folder, "ready")
        server = subprocess.Popen([options.commanderctl, "serve", "--workspace", ledger, "--port", "0", "--ready-file", ready],
                                  stdout=subprocess.PIPE, text=True)
        port = int(server.stdout.readline().strip().rsplit(":", 1)[1])
        samples, stop, counts = Samples(), threading.Event(), {"frames": 0, "holes": 0}
        opener = Client(port, samples)
        for i in range(ACCOUNTS):
            opener.ask("write", "POST", "/commands", json.dumps({"action": "open-account", "data": {"account": f"a{i}", "owner": f"Owner {i}", "opening_balance": 1_000_000}}), (202,))
        opener.ask("wait", "POST", "/commands?sync=true", json.dumps({"action": "deposit-money", "data": {"account": "a0", "amount": 1}}), (201, 202))
        samples.take()

        threads = [threading.Thread(target=write, args=(port, samples, stop, options.rate / options.writers, i)) for i in range(options.writers)]
        threads += [threading.Thread(target=read, args=(port, samples, stop, 1000 + i)) for i in range(options.readers)]
        follower = threading.Thread(target=follow, args=(port, stop, counts), daemon=True)
        for thread in [*threads, follower]:
            thread.start()
        rows = []
        minutes = max(1, round(options.minutes))
        print("minute  commands/s   write p50/p99 ms    wait p50/p99 ms    read p50/p99 ms    past p50/p99 ms    list p50/p99 ms   memory MB  ledger MB")
        for minute in range(1, minutes + 1):
            time.sleep(60 * options.minutes / minutes)
            values = samples.take()
            row = {kind: (percentile(values.get(kind, []), 0.5), percentile(values.get(kind, []), 0.99)) for kind in ("write", "wait", "read", "past", "list")}
            row["rate"] = (len(values.get("write", [])) + len(values.get("wait", []))) / (60 * options.minutes / minutes)
            row["memory"] = resident_mb(server.pid)
            row["ledger"] = os.path.getsize(ledger) / 1e6
            rows.append(row)
            latencies = "   ".join(f"{row[kind][0]:7.2f} {row[kind][1]:8.2f}" for kind in ("write", "wait", "read", "past", "list"))
            print(f"{minute:6d}  {row['rate']:10.1f}   {latencies}   {row['memory']:9.1f}  {row['ledger']:9.1f}", flush=True)
        stop.set()
        for thread in threads:
            thread.join()
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
        verified = subprocess.run([options.commanderctl, "verify", ledger], capture_output=True, text=True)
        print(verified.stdout.strip())
        if options.json:
            with open(options.json, "w", encoding="ascii") as out:
                json.dump(rows, out)

        problems = samples.errors[:5]
        if code != 0:
            problems.append(f"the server ended with {code}")
        if verified.returncode != 0:
            problems.append("verify found something")
        if counts["holes"]:
            problems.append(f"the follower saw {counts['holes']} holes")
        quarter = max(1, len(rows) // 4)
        before, after = rows[quarter:2 * quarter] or rows[:1], rows[-quarter:]

        def mean(of, pick):
            return sum(pick(row) for row in of) / len(of)

        growth = mean(after, lambda row: row["memory"]) / mean(before, lambda row: row["memory"])
        print(f"{counts['frames']} frames followed; memory grew {growth:.2f} times from the second quarter to the last")
        if growth > MEMORY_GROWTH_MAX:
            problems.append("memory grows")
        for kind in ("write", "wait", "read", "past", "list"):
            growth = mean(after, lambda row: row[kind][0]) / max(0.05, mean(before, lambda row: row[kind][0]))
            print(f"median latency of {kind}: {growth:.2f} times")
            if growth > LATENCY_GROWTH_MAX:
                problems.append(f"latency of {kind} grows")
        for problem in problems:
            print("PROBLEM:", problem)
        return 1 if problems else 0


sys.exit(main())
