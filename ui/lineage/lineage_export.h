// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <QString>

class QGraphicsScene;

namespace commander::ui {

/// Renders the whole scene into a file; ".svg" makes vectors, anything else a PNG at twice the size. Error IoError.
[[nodiscard]] Result<void> saveScenePicture(QGraphicsScene &scene, const QString &path, const QString &title);

} // namespace commander::ui
