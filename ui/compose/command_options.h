// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/commands.h>

#include <QWidget>

class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace commander::ui {

/// What a command may state beside its data: an id of its own, when it is to be decided, what it expects of its key,
/// and the command that it sends again.
class CommandOptions final : public QWidget {
    Q_OBJECT
public:
    explicit CommandOptions(Theme &theme, QWidget *parent = nullptr);
    void clear();
    /// Null = none. `what` names it, e.g. "transfer-money 1a2b3c4d".
    void setParentCommand(const Uuid &id, const QString &what);
    /// Puts what is stated into the draft; false when something cannot be read, which is then marked.
    [[nodiscard]] bool apply(CommandDraft &draft);
    void setExpectedRevision(const ExpectedRevision &expected);

Q_SIGNALS:
    void edited();

private:
    struct Field {
        QLineEdit *edit;
        QLabel *problem;
    };
    [[nodiscard]] Field addField(QGridLayout &grid, const QString &label, const QString &hint);
    static void mark(const Field &field, const QString &problem);
    /// False: there is a text, and it is no time.
    [[nodiscard]] static bool readTime(const Field &field, std::optional<Timestamp> &time);

    Uuid m_parent;
    QToolButton *m_toggle;
    QWidget *m_body;
    Field m_id;
    Field m_notBefore;
    Field m_expiresAt;
    Field m_expected;
    QWidget *m_again; ///< says which command is sent again
    QLabel *m_againText;
};

} // namespace commander::ui
