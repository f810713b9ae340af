// SPDX-License-Identifier: GPL-3.0-or-later
import { fulfilOrder } from "./process.js";

const payWithinSeconds = 30 * 60;

const unknownOrder = (reject, order) => reject("unknown-order", `there is no order ${order}`, { order });

// A command of the process that comes too late changes nothing, and that is no mistake.
const noLongerNeeded = [];

export const commands = {
  "place-order"({ data }, { views, reject, context }) {
    const { order = context.newId(), sku, quantity, amount } = data;
    if (views.orders.get(order)) return reject("order-exists", `there is an order ${order} already`, { order });
    if (!views.stock.get(sku)) return reject("unknown-sku", `nothing is called ${sku}`, { sku });
    return [{ action: "order-placed", data: { order, sku, quantity, amount } }];
  },

  "reserve-stock"({ data: { order } }, { views, reject, context }) {
    const placed = views.orders.get(order);
    if (!placed) return unknownOrder(reject, order);
    if (placed.status !== "placed") return noLongerNeeded;
    const { sku, quantity } = placed;
    const { available } = views.stock.get(sku);
    if (available < quantity) {
      return [{ action: "stock-short", data: { order, sku, missing: quantity - available } }];
    }
    const pay_until = time.add(context.now, payWithinSeconds);
    return [{ action: "stock-reserved", data: { order, sku, quantity, pay_until } }];
  },

  "confirm-payment"({ data: { order, reference } }, { views, reject }) {
    const paid = views.orders.get(order);
    if (!paid) return unknownOrder(reject, order);
    if (paid.payment || paid.refunded) {
      return reject("already-paid", `the order ${order} was paid before`, { reference: paid.payment || paid.refunded });
    }
    // Money that has come is a fact, however late: the process decides what becomes of it.
    return [{ action: "payment-received", data: { order, reference, amount: paid.amount } }];
  },

  "decline-payment"({ data: { order, reason } }, { views, reject }) {
    const unpaid = views.orders.get(order);
    if (!unpaid) return unknownOrder(reject, order);
    if (unpaid.status !== "awaiting-payment" || unpaid.payment) {
      return reject("not-awaiting-payment", `the order ${order} waits for no payment`, { status: unpaid.status });
    }
    return [{ action: "payment-declined", data: { order, reason } }];
  },

  "expire-payment"({ data: { order } }, { views, reject, context }) {
    const waiting = views.orders.get(order);
    if (!waiting) return unknownOrder(reject, order);
    if (waiting.status !== "awaiting-payment" || waiting.payment) return noLongerNeeded;
    const { pay_until } = waiting;
    if (time.between(context.now, pay_until) > 0) {
      return reject("too-early", `the order ${order} may be paid until ${pay_until}`, { pay_until });
    }
    return [{ action: "payment-timed-out", data: { order } }];
  },

  "release-stock"({ data: { order, reason } }, { views, reject }) {
    const unpaid = views.orders.get(order);
    if (!unpaid) return unknownOrder(reject, order);
    if (unpaid.status !== "unpaid") return noLongerNeeded;
    const { sku, quantity } = unpaid;
    return [
      { action: "stock-released", data: { order, sku, quantity } },
      { action: "order-cancelled", data: { order, reason } },
    ];
  },

  "ship-order"({ data: { order } }, { views, reject }) {
    const paid = views.orders.get(order);
    if (!paid) return unknownOrder(reject, order);
    if (paid.status !== "awaiting-payment" || !paid.payment) return noLongerNeeded;
    const { sku, quantity, amount } = paid;
    return [{ action: "order-shipped", data: { order, sku, quantity, amount } }];
  },

  "refund-payment"({ data: { order } }, { views, reject }) {
    const late = views.orders.get(order);
    if (!late) return unknownOrder(reject, order);
    if (!late.payment || late.status === "shipped") return noLongerNeeded;
    return [{ action: "payment-refunded", data: { order, reference: late.payment, amount: late.amount } }];
  },

  "cancel-order"({ data: { order, reason } }, { views, reject }) {
    const found = views.orders.get(order);
    if (!found) return unknownOrder(reject, order);
    if (found.status === "short") return [{ action: "order-cancelled", data: { order, reason } }];
    if (found.status !== "awaiting-payment" || found.payment) {
      return reject("too-late", `the order ${order} is ${found.status}`, { status: found.status });
    }
    const { sku, quantity } = found;
    return [
      { action: "stock-released", data: { order, sku, quantity } },
      { action: "order-cancelled", data: { order, reason } },
    ];
  },
};

export const views = {
  // What left the house, one document a day.
  shipments: {
    "order-shipped"(event, put, get) {
      const day = event.time.slice(0, 10);
      const before = get(day) || { day, orders: 0, pieces: 0, amount: 0 };
      const { quantity, amount } = event.data;
      put(day, {
        day,
        orders: before.orders + 1,
        pieces: before.pieces + quantity,
        amount: before.amount + amount,
      });
    },
  },
};

export const reactions = { "fulfil-order": fulfilOrder };
