// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/preview.h>

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace commander::ui {

class Banner;
class EmptyState;
class OutcomeBox;
class PreviewTree;

/// What a command would do, or did: a preview that is clearly none of the ledger's, a receipt with its result, or why
/// it was refused.
class ComposeOutcome final : public QWidget {
    Q_OBJECT
public:
    explicit ComposeOutcome(Theme &theme, QWidget *parent = nullptr);
    void showNothing();
    void showWorking(const QString &what);
    void showPreview(const Preview &preview);
    void showReceipt(const CommandReceipt &receipt);
    void showResult(const CommandOutcome &outcome); ///< of the receipt's command
    void showError(const Error &error);
    /// The command was edited: what is shown belongs to what it was.
    void setStale();

Q_SIGNALS:
    void lineageWanted();
    void ledgerWanted();

private:
    void showParts(bool box, bool tree, bool links);

    QStackedWidget *m_stack;
    EmptyState *m_empty;
    Banner *m_dry;   ///< nothing is recorded
    Banner *m_fault; ///< refused, or a view stopped
    QLabel *m_stale;
    QLabel *m_receipt;
    OutcomeBox *m_box;
    PreviewTree *m_tree;
    QWidget *m_links;
    QPushButton *m_lineage;
};

} // namespace commander::ui
