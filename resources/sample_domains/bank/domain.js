// SPDX-License-Identifier: GPL-3.0-or-later
import { statements } from "./statements.js";

const balanceMax = Number.MAX_SAFE_INTEGER; // minor units
const largeTransferMin = 1000000;

const unknownAccount = (reject, account) =>
  reject("unknown-account", `there is no account ${account}`, { account });

const insufficientFunds = (reject, { account, balance }) =>
  reject("insufficient-funds", `the balance of account ${account} is ${balance}`, { account, balance });

const amountTooLarge = (reject, account) =>
  reject("amount-too-large", `the balance of account ${account} would exceed ${balanceMax}`, { account });

export const commands = {
  "open-account"({ data }, { views, reject }) {
    const { account, owner, opening_balance = 0 } = data;
    if (views.accounts.get(account)) {
      return reject("account-exists", `there is an account ${account} already`, { account });
    }
    return [{ action: "account-opened", data: { account, owner, opening_balance } }];
  },

  "deposit-money"({ data: { account, amount } }, { views, reject }) {
    const found = views.accounts.get(account);
    if (!found) return unknownAccount(reject, account);
    if (found.balance > balanceMax - amount) return amountTooLarge(reject, account);
    return [{ action: "money-deposited", data: { account, amount } }];
  },

  "withdraw-money"({ data: { account, amount } }, { views, reject }) {
    const found = views.accounts.get(account);
    if (!found) return unknownAccount(reject, account);
    if (found.balance < amount) return insufficientFunds(reject, found);
    return [{ action: "money-withdrawn", data: { account, amount } }];
  },

  "transfer-money"({ data: { from_account, to_account, amount } }, { views, reject, context }) {
    if (from_account === to_account) {
      return reject("same-account", "from_account and to_account are the same", { account: from_account });
    }
    const from = views.accounts.get(from_account);
    if (!from) return unknownAccount(reject, from_account);
    const to = views.accounts.get(to_account);
    if (!to) return unknownAccount(reject, to_account);
    if (from.balance < amount) return insufficientFunds(reject, from);
    if (to.balance > balanceMax - amount) return amountTooLarge(reject, to_account);
    return [{ action: "money-transferred", data: { id: context.newId(), from_account, to_account, amount } }];
  },
};

export const views = { statements };

export const reactions = {
  "watch-large-transfers"({ data: { id, from_account, to_account, amount } }, { command }) {
    if (amount < largeTransferMin) return [];
    return [command("flag-large-transfer", { transfer: id, from_account, to_account, amount })];
  },
};
