// SPDX-License-Identifier: GPL-3.0-or-later

const kept = ["first_name", "last_name", "address"];

export const commands = {
  "create-customer"({ data }, { context }) {
    const customer = { id: context.newId() };
    // In the order in which the client wrote them.
    for (const name of Object.keys(data)) {
      if (kept.includes(name)) customer[name] = data[name];
    }
    return [{ action: "customer-created", data: customer }];
  },
};
