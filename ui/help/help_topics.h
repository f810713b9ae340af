// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace commander::ui {

/// One page of the help: a file of resources/docs, compiled in.
struct HelpTopic {
    QString name;  ///< of the file, without its ending
    QString title; ///< its first heading
    QString markdown;
};

/// All topics, those that a beginner needs first; the third-party notices last.
[[nodiscard]] QList<HelpTopic> helpTopics();
/// The licence's text.
[[nodiscard]] QString licenceText();

} // namespace commander::ui
