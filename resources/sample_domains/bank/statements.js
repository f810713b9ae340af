// SPDX-License-Identifier: GPL-3.0-or-later

// One small document for each movement, and one for each account that knows how many there are.
function move(event, put, get, account, amount, counterparty) {
  const before = get(account) || { movements: 0, balance: 0 };
  const number = before.movements + 1;
  const balance = before.balance + amount;
  const line = { account, number, action: event.action, amount, balance };
  if (counterparty) line.counterparty = counterparty;
  line.event = event.id;
  line.at = event.time;
  put(account, { account, movements: number, balance });
  put(`${account}:${String(number).padStart(6, "0")}`, line);
}

export const statements = {
  "account-opened"(event, put, get) {
    move(event, put, get, event.data.account, event.data.opening_balance);
  },
  "money-deposited"(event, put, get) {
    move(event, put, get, event.data.account, event.data.amount);
  },
  "money-withdrawn"(event, put, get) {
    move(event, put, get, event.data.account, -event.data.amount);
  },
  "money-transferred"(event, put, get) {
    const { from_account, to_account, amount } = event.data;
    move(event, put, get, from_account, -amount, to_account);
    move(event, put, get, to_account, amount, from_account);
  },
};
