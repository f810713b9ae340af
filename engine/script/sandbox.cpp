// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/sandbox.h"

#include "values/sabotage.h"

#include <QString>

namespace commander::script {

namespace {

constexpr const char *closing = R"JS((function (global) {
"use strict";
const apply = Reflect.apply;
const construct = Reflect.construct;
const define = Object.defineProperty;
const describe = Object.getOwnPropertyDescriptor;
const names = Object.getOwnPropertyNames;
const symbols = Object.getOwnPropertySymbols;
const parent = Object.getPrototypeOf;
const NativeArray = Array;
const NativeTypeError = TypeError;
const NativeRangeError = RangeError;
const lengthMax = 100000;
const textMax = 1048576;

const put = (object, name, value) =>
    define(object, name, { value, writable: true, enumerable: false, configurable: true });
const refuser = (what, instead) => function () {
    throw new NativeTypeError(what + " is not available to a domain" + instead);
};
const bounded = (length) => {
    if (length > lengthMax)
        throw new NativeRangeError("a list is longer than " + lengthMax);
};
const wrap = (object, name, check) => {
    const native = object[name];
    if (native === undefined)
        return;
    put(object, name, { [name](...values) {
        check(this, values);
        return apply(native, this, values);
    } }[name]);
};

// Clock, randomness, code from text.
const clock = refuser("Date", ": use context.now, event.time and time.add");
clock.now = clock.parse = clock.UTC = clock;
put(global, "Date", clock);
put(Math, "random", refuser("Math.random", ": use context.newId()"));
put(global, "eval", refuser("eval", ""));
const code = refuser("Function", "");
put(Function.prototype, "constructor", code);
define(parent(function* () {}), "constructor", { value: code, writable: false, configurable: false });
put(global, "Function", code);

// What differs between machines and versions, runs later, or allocates natively.
for (const name of ["Promise", "URL", "URLSearchParams", "SharedArrayBuffer", "ArrayBuffer", "DataView", "Atomics",
    "Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Uint8ClampedArray",
    "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "WeakMap", "WeakSet", "WeakRef",
    "FinalizationRegistry", "Proxy", "Intl", "escape", "unescape"])
    delete global[name];
for (const name of ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "expm1",
    "hypot", "log", "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh"])
    delete Math[name];
for (const name of ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase", "normalize"])
    delete String.prototype[name];
for (const type of [Object, Number, Array])
    delete type.prototype.toLocaleString;
for (const name of ["connect", "disconnect"])
    delete Function.prototype[name];
delete RegExp.prototype.compile;
for (const name of names(RegExp)) { // RegExp.$1 and the like remember the last match of whatever ran before
    if (name !== "prototype" && name !== "name" && name !== "length")
        delete RegExp[name];
}

// Native loops cannot be interrupted: they get an end.
for (const name of ["concat", "copyWithin", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex",
    "flat", "flatMap", "forEach", "includes", "indexOf", "join", "lastIndexOf", "map", "reduce", "reduceRight",
    "reverse", "shift", "slice", "some", "splice", "toString", "unshift"])
    wrap(NativeArray.prototype, name, (list) => bounded(list === null || list === undefined ? 0 : list.length));
// A sort of our own: equal elements stay in their order whatever version of Qt runs it, and it can be interrupted.
const byText = (a, b) => {
    const x = String(a);
    const y = String(b);
    return x < y ? -1 : x > y ? 1 : 0;
};
const slice = NativeArray.prototype.slice;
const mergeSort = (list, order) => {
    if (list.length < 2)
        return list;
    const middle = list.length >> 1;
    const left = mergeSort(apply(slice, list, [0, middle]), order);
    const right = mergeSort(apply(slice, list, [middle]), order);
    const merged = [];
    for (let l = 0, r = 0; l < left.length || r < right.length;) {
        if (r === right.length || (l < left.length && order(left[l], right[r]) <= 0))
            merged.push(left[l++]);
        else
            merged.push(right[r++]);
    }
    return merged;
};
put(NativeArray.prototype, "sort", { sort(order) {
    if (order !== undefined && typeof order !== "function")
        throw new NativeTypeError("sort() takes a function");
    bounded(this.length);
    const length = this.length;
    const list = [];
    for (let i = 0; i < length; ++i) {
        if (this[i] !== undefined)
            list.push(this[i]);
    }
    const sorted = mergeSort(list, order === undefined ? byText : order);
    for (let i = 0; i < length; ++i)
        this[i] = sorted[i]; // undefined comes last
    return this;
} }.sort);
wrap(NativeArray, "from", (self, values) => bounded(values[0] === null || values[0] === undefined ? 0 : values[0].length));
wrap(Reflect, "apply", (self, values) => bounded(values[2] === null || values[2] === undefined ? 0 : values[2].length));
wrap(Reflect, "construct", (self, values) => bounded(values[1] === null || values[1] === undefined ? 0 : values[1].length));
wrap(Function.prototype, "apply", (self, values) => bounded(values[1] === null || values[1] === undefined ? 0 : values[1].length));
const BoundedArray = function Array(...values) {
    if (values.length === 1 && typeof values[0] === "number")
        bounded(values[0]);
    return new.target === undefined || new.target === BoundedArray ? construct(NativeArray, values)
                                                                   : construct(NativeArray, values, new.target);
};
for (const name of ["isArray", "of", "from"])
    put(BoundedArray, name, NativeArray[name]);
define(BoundedArray, "prototype", { value: NativeArray.prototype, writable: false });
put(NativeArray.prototype, "constructor", BoundedArray);
put(global, "Array", BoundedArray);
const boundText = (length) => {
    if (length > textMax)
        throw new NativeRangeError("a text is longer than " + textMax);
};
wrap(String.prototype, "repeat", (text, values) => boundText(String(text).length * values[0]));
wrap(String.prototype, "padStart", (text, values) => boundText(values[0]));
wrap(String.prototype, "padEnd", (text, values) => boundText(values[0]));

// Nothing that is left can be changed, so that no call leaves anything behind for the next.
const seen = new Set();
const freeze = (object) => {
    if ((typeof object !== "object" && typeof object !== "function") || object === null || seen.has(object))
        return;
    seen.add(object);
    for (const name of names(object).concat(symbols(object))) {
        const member = describe(object, name);
        if (member === undefined)
            continue;
        freeze(member.value);
        freeze(member.get);
        freeze(member.set);
    }
    freeze(parent(object));
    if (object !== global)
        Object.freeze(object);
};
freeze(parent(function* () {}));
freeze(parent(function* () {}.prototype));
freeze(parent([][Symbol.iterator]()));
freeze(parent(new Map()[Symbol.iterator]()));
freeze(parent(new Set()[Symbol.iterator]()));
freeze(parent(""[Symbol.iterator]()));
freeze(global);
return (time) => {
    define(global, "time", { value: Object.freeze(time), writable: false, enumerable: false, configurable: false });
    Object.freeze(global);
};
}))JS";

/// Kinds of functions that only newer engines know; each has a constructor that makes code from text.
constexpr const char *newerFunctions[] = {"(async function () {})", "(async function* () {})"};

constexpr const char *closeConstructor = R"JS((function (make) {
"use strict";
Object.defineProperty(Object.getPrototypeOf(make), "constructor", { value: undefined, writable: false, configurable: false });
}))JS";

} // namespace

QJSValue closeSandbox(QJSEngine &engine)
{
    for (const auto *const source : newerFunctions) {
        const auto made = engine.evaluate(QString::fromUtf8(source));
        if (made.isCallable())
            static_cast<void>(engine.evaluate(QString::fromUtf8(closeConstructor)).call({made}));
    }
    const bool sabotage = sabotaged(Saboteur::ScriptsSeeTheClock);
    const auto clock = sabotage ? engine.globalObject().property(QStringLiteral("Date")) : QJSValue();
    const auto close = engine.evaluate(QString::fromUtf8(closing), QStringLiteral("sandbox"));
    auto closed = close.isError() ? close : close.call({engine.globalObject()});
    if (sabotage)
        engine.globalObject().setProperty(QStringLiteral("Date"), clock);
    return closed;
}

} // namespace commander::script
