// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QDialog>

namespace commander::ui {

/// What this program is, under which licence, and what it is built on.
class AboutDialog final : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(Theme &theme, QWidget *parent = nullptr);
};

} // namespace commander::ui
