// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/surroundings.h"

namespace commander::script {

namespace {

constexpr const char *source = R"JS((function (bridge, readable) {
"use strict";
const { read, foldGet, foldPut, foldRemove, newId, now, recordMember, timeAdd, timeBetween } = bridge;
const freeze = Object.freeze;
const isArray = Array.isArray;

const kindOf = (value) => value === null ? "null" : isArray(value) ? "a list" : typeof value;
const keyOf = (key) => {
    if (typeof key !== "string")
        throw new TypeError("the key of a document is a text, not " + kindOf(key));
    return key;
};
const asError = (thrown) => thrown instanceof Error ? thrown : new Error("thrown: " + String(thrown));

class Rejection {
    constructor(code, message, details) {
        if (typeof code !== "string" || code === "" || typeof message !== "string")
            throw new TypeError("reject(code, message, details) takes two texts first");
        this.code = code;
        this.message = message;
        this.details = details === undefined ? null : details;
    }
}
const reject = (code, message, details) => new Rejection(code, message, details);

class Message {
    constructor(action, data) {
        this.action = action;
        this.data = data;
    }
    get id() { return recordMember(0); }
    get time() { return recordMember(1); }
    get key() { return recordMember(2); }
    get actor() { return recordMember(3); }
    get correlation() { return recordMember(4); }
    get parent() { return recordMember(5); }
}
freeze(Rejection.prototype);
freeze(Message.prototype);

const views = {};
readable.forEach((name, index) => { views[name] = freeze({ get: (key) => read(index, keyOf(key)) }); });
freeze(views);
const context = freeze({ get now() { return now(); }, newId: () => newId() });
const get = (key) => foldGet(keyOf(key));
const put = (key, document) => {
    if (kindOf(document) !== "object")
        throw new TypeError("a document is an object, not " + kindOf(document) + "; remove(key) takes one away");
    foldPut(keyOf(key), document);
};
const remove = (key) => { foldRemove(keyOf(key)); };
const command = (action, data, when) => {
    if (typeof action !== "string" || kindOf(data) !== "object")
        throw new TypeError("command(action, data, {notBefore, expiresAt}) takes a text and an object");
    return { action, data, notBefore: when && when.notBefore, expiresAt: when && when.expiresAt };
};
const handlerKit = freeze({ views, reject, context });
const reactionKit = freeze({ views, command, context });

return freeze({
    decide(handler, message) {
        try {
            const out = handler(message, handlerKit);
            if (out instanceof Rejection)
                return [out.code, out.message, out.details];
            if (!isArray(out))
                throw new TypeError("the handler must return a list of events or reject(…), not " + kindOf(out));
            return out;
        } catch (thrown) {
            throw asError(thrown);
        }
    },
    fold(handler, message) {
        try {
            handler(message, put, get, remove);
        } catch (thrown) {
            throw asError(thrown);
        }
    },
    react(handler, message) {
        try {
            const out = handler(message, reactionKit);
            if (!isArray(out))
                throw new TypeError("the reaction must return a list of commands, not " + kindOf(out));
            return out;
        } catch (thrown) {
            throw asError(thrown);
        }
    },
    upcast(handler, message) {
        try {
            const out = handler(message);
            if (kindOf(out) !== "object")
                throw new TypeError("the upcaster must return the event's new data, an object, not " + kindOf(out));
            return [out];
        } catch (thrown) {
            throw asError(thrown);
        }
    },
    message: (action, data) => new Message(action, data),
    time: { add: (time, seconds) => timeAdd(time, seconds), between: (from, to) => timeBetween(from, to) },
});
}))JS";

} // namespace

QString surroundingsSource()
{
    return QString::fromUtf8(source);
}

} // namespace commander::script
