// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJSEngine>
#include <QJSValue>

namespace commander::script {

/// Takes out of a fresh script engine whatever could give another result elsewhere or later (clock, randomness, locale,
/// code from text, promises, raw memory), bounds what native code would run on without end, and freezes the rest. Must
/// run before any code of a domain. Returns the function that makes a domain's surroundings: see ScriptHost.
[[nodiscard]] QJSValue closeSandbox(QJSEngine &engine);

} // namespace commander::script
