// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>
#include <string>
#include <vector>

namespace commander::ui {

/// A menu to tick several things in: it stays open while one ticks.
class CheckMenu final : public QMenu {
    Q_OBJECT
public:
    struct Entry {
        std::string value;
        QString text;
        QString note; ///< at the right, e.g. a count
    };
    explicit CheckMenu(QWidget *parent = nullptr);
    /// Shows the entries, ticked where their value is in `chosen`; chosen values without an entry are kept and shown
    /// too.
    void setEntries(const std::vector<Entry> &entries, const std::vector<std::string> &chosen);
    void showMessage(const QString &message);

Q_SIGNALS:
    void chosenChanged(const std::vector<std::string> &chosen);

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void report();
};

} // namespace commander::ui
