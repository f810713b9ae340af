#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of Commander in Python, with nothing but the standard library.

usage: bank.py URL COUNT

Opens an account, pays in, reads what came of it, and follows the events until it has seen COUNT of them, however often
the server goes away meanwhile.
"""
import http.client
import json
import sys
import time
import urllib.error
import urllib.request
import uuid


# No answer, or half of one: the server is not there, or goes away.
LOST = (OSError, http.client.HTTPException)


class Refused(Exception):
    """The server's answer is a problem (RFC 9457): the command was rejected, or the request is wrong."""

    def __init__(self, problem):
        super().__init__(problem.get("detail") or problem["title"])
        self.problem = problem


class Commander:
    def __init__(self, url, token=None):
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def open(self, path, body=None, headers=None, timeout=70):
        request = urllib.request.Request(self.url + path, headers={**self.headers, **(headers or {})})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            return urllib.request.urlopen(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            if error.code == 503:  # not now: it is busy, starting or closing
                raise ConnectionError(error.reason) from error
            raise Refused(json.load(error)) from error

    def submit(self, action, data, wait=10):
        """Records a command and waits for its result. Gives the command and the position to read from.

        The id is chosen here, so the command can be sent until an answer comes: it is recorded once.
        """
        command = {"id": str(uuid.uuid4()), "action": action, "data": data}
        while True:
            try:
                with self.open("/commands", command, {"Prefer": f"wait={wait}"}) as answer:
                    return json.load(answer), int(answer.headers["Commander-Position"])
            except LOST:
                time.sleep(0.5)

    def read(self, path, at_least):
        """A document as it is once the views have come to a position: what this client wrote is in it."""
        with self.open(f"{path}?atLeast={at_least}") as answer:
            if answer.headers.get("Commander-Stale") == "true":
                raise TimeoutError("the views have not come so far yet")
            return json.load(answer)

    def follow(self, path, start="now"):
        """Every event from `start` on, without gap or repeat, for as long as somebody reads."""
        last = None
        while True:
            headers = {"Accept": "text/event-stream"}
            if last is not None:
                headers["Last-Event-ID"] = last
            try:
                # A comment comes every 15 seconds: silence for longer means that the connection is dead.
                with self.open(f"{path}?from={start}", headers=headers, timeout=45) as stream:
                    event = {}
                    for line in stream:
                        name, _, value = line.decode().rstrip("\n").partition(": ")
                        if name:
                            event[name] = value
                        elif "data" in event:
                            last = event["id"]
                            yield json.loads(event["data"])
                            event = {}
            except LOST:
                pass
            time.sleep(0.5)


def main():
    url, count = sys.argv[1], int(sys.argv[2])
    commander = Commander(url)
    account = "python-" + uuid.uuid4().hex[:8]
    commander.submit("open-account", {"account": account, "owner": "Ada", "opening_balance": 100})
    _, position = commander.submit("deposit-money", {"account": account, "amount": 50})
    print("balance", commander.read(f"/accounts/{account}", position)["balance"], flush=True)
    try:
        commander.submit("withdraw-money", {"account": account, "amount": 1000})
    except Refused as refused:
        print("refused", refused.problem["rejection"]["code"], flush=True)
    for event in commander.follow("/events/updates", "start"):
        print(event["position"], event["action"], flush=True)
        count -= 1
        if count == 0:
            break


if __name__ == "__main__":
    main()
