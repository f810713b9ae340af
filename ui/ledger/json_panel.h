// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/filter.h>

#include <optional>
#include <QWidget>
#include <string>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace commander::ui {

class SegmentedControl;

/// JSON exactly as it is in the ledger: re-indented without touching a token, or the raw bytes. Long texts show their
/// beginning until one asks for all.
class JsonPanel final : public QWidget {
    Q_OBJECT
public:
    JsonPanel(Theme &theme, QWidget *parent = nullptr);
    void setJson(std::string json);
    void clear() { setJson({}); }
    [[nodiscard]] QString rawText() const;
    /// What a filter would ask to find the value at this character of the shown text; nothing between values.
    [[nodiscard]] std::optional<FilterNode> conditionAt(int character) const;

Q_SIGNALS:
    void filterWanted(const commander::FilterNode &condition);

private:
    void refresh();
    void showMenu(const QPoint &place);

    std::string m_json;
    bool m_all = false; ///< the user asked for all of a long text
    SegmentedControl *m_form;
    QLabel *m_size;
    QPlainTextEdit *m_text;
    QToolButton *m_more;
};

} // namespace commander::ui
