#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A client of Commander that is nothing but curl.
#
# usage: bank.sh URL COUNT
#
# Opens an account, pays in, reads what came of it, and follows the events until it has seen COUNT of them, however often
# the server goes away meanwhile.
set -euo pipefail
url=$1
count=$2
account=curl-$RANDOM$RANDOM

# submit ACTION DATA: records a command, waits for its result and prints header and body. The key is chosen here, so that
# curl may send it until an answer comes: the command is recorded once.
submit() {
    curl --silent --show-error --include --retry 20 --retry-delay 1 --retry-all-errors \
        --header "Idempotency-Key: $account-$1-$RANDOM" --header 'Prefer: wait=10' --json "{\"action\":\"$1\",\"data\":$2}" \
        "$url/commands"
}
# The value of a header field, of a member that is a text, of a member that is a number.
field() { sed -n "s/^$1: \(.*\)\r$/\1/Ip"; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

submit open-account "{\"account\":\"$account\",\"owner\":\"Ada\",\"opening_balance\":100}" >/dev/null
position=$(submit deposit-money "{\"account\":\"$account\",\"amount\":50}" | field Commander-Position)
echo "balance $(curl --silent "$url/accounts/$account?atLeast=$position" | number balance)"
echo "refused $(submit withdraw-money "{\"account\":\"$account\",\"amount\":1000}" | sed 's/.*"rejection"//' | text code)"

last=
while ((count > 0)); do
    while IFS= read -r line; do
        case $line in
        id:*) id=${line#id: } ;;
        data:*)
            last=$id
            echo "$(number position <<<"$line") $(text action <<<"$line")"
            ((--count > 0)) || break
            ;;
        esac
    done < <(curl --silent --no-buffer --header 'Accept: text/event-stream' ${last:+--header "Last-Event-ID: $last"} \
        "$url/events/updates?from=start")
    ((count == 0)) || sleep 0.5
done
