// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "rest_page/rest_control.h"
#include "theme/theme.h"
#include "widgets/card.h"

#include <commander/access.h>

#include <array>
#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace commander::ui {

class Banner;
class CodeBox;

/// The tokens of the workspace: who may do what, a new one, and taking one back.
class TokensCard final : public Card {
    Q_OBJECT
public:
    TokensCard(RestControl &control, EngineLink &link, Theme &theme, QWidget *parent = nullptr);
    /// Reads them again.
    void refresh();
    void cancel();

Q_SIGNALS:
    /// Who may come in, in a sentence.
    void accessChanged(const QString &text);

private:
    struct Access {
        std::vector<AccessToken> tokens;
        bool closed = false;
    };
    [[nodiscard]] QWidget *makeForm();
    void take(Access access);
    void create();
    void revoke();
    void updateButtons();
    void showError(const Error &error);
    [[nodiscard]] const AccessToken *current() const;

    RestControl &m_control;
    EngineLink &m_link;
    Access m_access;
    Ask m_ask;
    Ask m_askChange;

    Banner *m_error;
    QStackedWidget *m_stack;
    QTreeWidget *m_table;
    QLineEdit *m_name = nullptr;
    std::array<QCheckBox *, 4> m_roles{};
    QPushButton *m_create = nullptr;
    QPushButton *m_revoke = nullptr;
    QLabel *m_secretNote;
    CodeBox *m_secret;
};

} // namespace commander::ui
