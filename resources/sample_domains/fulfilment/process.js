// SPDX-License-Identifier: GPL-3.0-or-later

// The process manager: its memory is the view `orders`, its steps are commands. Each step may find that the world has
// moved on; then its handler does nothing.

const dropDeadlineAfterSeconds = 24 * 60 * 60;

const steps = {
  "order-placed": (order, { command }) => [command("reserve-stock", { order })],

  // The deadline: decided when it is due, and dropped if nobody could decide it for a day.
  "stock-reserved": (order, { command }, { pay_until }) => [
    command("expire-payment", { order }, {
      notBefore: pay_until,
      expiresAt: time.add(pay_until, dropDeadlineAfterSeconds),
    }),
  ],

  "stock-short": (order, { command }) => [command("cancel-order", { order, reason: "out of stock" })],

  // Paid in time: ship. Paid after all was given back: pay back.
  "payment-received"(order, { command, views }) {
    const { status } = views.orders.get(order);
    return [command(status === "awaiting-payment" ? "ship-order" : "refund-payment", { order })];
  },

  "payment-declined": (order, { command }, { reason }) => [
    command("release-stock", { order, reason: `payment declined: ${reason}` }),
  ],

  "payment-timed-out": (order, { command }) => [command("release-stock", { order, reason: "not paid in time" })],

  // Whoever paid before the order was cancelled gets the money back.
  "stock-released"(order, { command, views }) {
    return views.orders.get(order).payment ? [command("refund-payment", { order })] : [];
  },
};

export const fulfilOrder = (event, kit) => steps[event.action](event.data.order, kit, event.data);
