// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "theme/theme.h"
#include "views/version_comparison.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace commander::ui {

class Banner;

/// Versions of the views beside each other: what is being built and how far, what serves, what differs between the
/// two, and the switch from one to the other and back.
class VersionsDialog final : public QDialog {
    Q_OBJECT
public:
    VersionsDialog(EngineLink &link, Theme &theme, bool readOnly, QWidget *parent = nullptr);
    /// Builds the views of a domain's folder beside those that serve.
    void buildFrom(const QString &folder);

private:
    enum class Change { None, Promote, RollBack, Drop };
    void makeTables();
    [[nodiscard]] QWidget *makeConfirm();
    [[nodiscard]] QLayout *makeButtons();
    void ask();
    void takeVersions(std::vector<ViewVersionStatus> versions);
    void showVersions();
    void showComparison();
    void updateButtons();
    void compare();
    void startComparison(const ViewVersionId &from, const ViewVersionId &to);
    void want(Change change);
    void showConfirm();
    void carryOut();
    void chooseFolder();
    void run(std::function<Result<void>(Engine &)> change);
    void showError(const Error &error);
    [[nodiscard]] const ViewVersionStatus *selected() const;
    [[nodiscard]] const ViewVersionStatus *servingOf(const std::string &view) const;
    [[nodiscard]] const ViewVersionStatus *keptOf(const std::string &view) const;

    EngineLink &m_link;
    Theme &m_theme;
    const bool m_readOnly;
    std::vector<ViewVersionStatus> m_versions;
    VersionComparison m_comparison;
    Change m_wanted = Change::None; ///< waits for the counts, then for the user
    ViewVersionId m_wantedId;       ///< what would serve, or go
    QTimer m_timer;
    Ask m_askVersions;
    Ask m_askChange;

    Banner *m_error;
    QTreeWidget *m_table;
    QTreeWidget *m_rows;
    QLabel *m_counts;
    QWidget *m_confirm = nullptr;
    QLabel *m_question = nullptr;
    QPushButton *m_yes = nullptr;
    QPushButton *m_compare = nullptr;
    QPushButton *m_promote = nullptr;
    QPushButton *m_rollBack = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_drop = nullptr;
    QPushButton *m_build = nullptr;
};

} // namespace commander::ui
