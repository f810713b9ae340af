#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test vectors for engine/docs/ledger-format.md, computed without any code of the engine.

Prints one line a record: name, leaf and chain in hexadecimal. The records form one chain, in this order.
"""
import hashlib
import struct
import uuid

KIND = {"command": 1, "event": 2, "result": 3}


def lp(value):
    raw = value.encode("utf-8") if isinstance(value, str) else value
    return struct.pack(">I", len(raw)) + raw


def leaf(record):
    commit = hashlib.sha256(b"\x10" + record["salt"] + record["data"].encode("utf-8")).digest()
    timestamp = record["timestamp"]
    data = (
        b"CMDR1"
        + struct.pack(">BQq", KIND[record["kind"]], record["position"], record["recordedAt"])
        + struct.pack(">Bq", timestamp is not None, timestamp or 0)
        + uuid.UUID(record["id"]).bytes
        + uuid.UUID(record["parent"]).bytes
        + uuid.UUID(record["correlation"]).bytes
        + lp(record["topic"])
        + struct.pack(">IQ", record["partition"], record["offset"])
        + lp(record["key"])
        + lp(record["action"])
        + struct.pack(">IH", record["schemaVersion"], record["depth"])
        + lp(record["actor"])
        + record["domainVersion"]
        + lp(record["headers"])
        + commit
    )
    return hashlib.sha256(b"\x00" + data).digest()


NONE = "00000000-0000-0000-0000-000000000000"
COMMAND = "33bb75db-6e13-48ee-8a54-b3976d3d065b"
EVENT = "d435ed18-4ff7-4cae-a21b-3adb7b06fe58"
RESULT = "0c1f4a5e-5b7d-5f3a-9a53-3f1f3c1d2e4b"
TRANSFER = '{"from_account": "12345", "to_account": "54321", "amount": 10000}'

RECORDS = [
    ("all-defaults", dict(
        kind="command", position=0, recordedAt=0, timestamp=None, id=NONE, parent=NONE, correlation=NONE, topic="",
        partition=0, offset=0, key="", action="", schemaVersion=1, depth=0, actor="", domainVersion=bytes(32),
        headers="", data="", salt=bytes(16))),
    ("command", dict(
        kind="command", position=1, recordedAt=1463754808903000, timestamp=1463754808902000, id=COMMAND, parent=NONE,
        correlation=COMMAND, topic="commands", partition=0, offset=0, key="12345", action="transfer-money",
        schemaVersion=1, depth=0, actor="console", domainVersion=bytes(32), headers="", data=TRANSFER,
        salt=bytes(range(16)))),
    ("event", dict(
        kind="event", position=2, recordedAt=1463754808904000, timestamp=None, id=EVENT, parent=COMMAND,
        correlation=COMMAND, topic="bank-events", partition=3, offset=41, key="12345", action="money-transferred",
        schemaVersion=7, depth=2, actor="domain:bank", domainVersion=bytes(range(32)), headers='{"trace":"a1"}',
        data=TRANSFER, salt=bytes(range(16, 32)))),
    ("result", dict(
        kind="result", position=3, recordedAt=-1, timestamp=-62135596800000000, id=RESULT, parent=COMMAND,
        correlation=COMMAND, topic="command-results", partition=4294967295, offset=18446744073709551615,
        key="K\u00f6ln \u2603 \U0001f4b6", action="succeeded", schemaVersion=4294967295, depth=65535, actor="engine",
        domainVersion=b"\xff" * 32, headers="",
        data='{"status":"succeeded","events":["' + EVENT + '"]}', salt=b"\xff" * 16)),
]


def main():
    chain = bytes(32)
    for name, record in RECORDS:
        hashed = leaf(record)
        chain = hashlib.sha256(b"\x02" + chain + hashed).digest()
        print(name, hashed.hex(), chain.hex())


if __name__ == "__main__":
    main()
