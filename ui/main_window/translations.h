// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QObject;

namespace commander::ui {

/// Takes the user's language if the console speaks it, else English with its plural forms. Call before any widget is
/// made; the translation stays as long as `owner`.
void installTranslation(QObject *owner);

} // namespace commander::ui
