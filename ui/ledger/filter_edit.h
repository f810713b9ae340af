// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/filter.h>

#include <QLineEdit>
#include <QStringList>
#include <QTimer>

class QSettings;

namespace commander::ui {

/// Where the filter language is typed. Its frame and icon say while typing whether the text is a filter; a moment after
/// the last key a valid one is applied and what is wrong with another is said. Remembers what was applied.
class FilterEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit FilterEdit(Theme &theme, QWidget *parent = nullptr);

    /// Shows a filter that came from elsewhere, unless it is the one that was applied here.
    void showExpression(const std::shared_ptr<const FilterExpression> &expression);
    [[nodiscard]] const QStringList &history() const { return m_history; }
    void remember(const QString &text);
    void saveHistory(QSettings &settings) const;
    void restoreHistory(const QSettings &settings);

Q_SIGNALS:
    /// Null for an empty text.
    void applied(const std::shared_ptr<const commander::FilterExpression> &expression);
    void problemChanged(const QString &problem); ///< empty: none

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void check();
    void applyNow(bool byReturn);
    void showHistory();
    void recall(int step);
    void updateIcons();

    Theme &m_theme;
    QAction *m_icon;
    QAction *m_historyAction;
    QTimer m_pause;        ///< since the last key
    QStringList m_history; ///< newest first
    int m_recalled = -1;   ///< place in the history that is shown, -1: none
    QString m_typed;       ///< what stood here before the history was leafed through
    std::optional<Error> m_error;
    std::shared_ptr<const FilterExpression> m_applied;
};

} // namespace commander::ui
