// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "theme/theme.h"

#include <commander/preview.h>

#include <functional>
#include <QTimer>

class QLabel;
class QPushButton;
class QSplitter;

namespace commander::ui {

class Card;
class CommandList;
class CommandOptions;
class ComposeOutcome;
class DataEditor;
class ElidedLabel;

/// A command from nothing to its lineage: chosen, filled into a form made of its schema, checked, tried out, sent.
class ComposePage final : public Page {
    Q_OBJECT
public:
    ComposePage(EngineLink &link, Selection &selection, Theme &theme, std::function<QString()> baseUrl,
                QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Commands"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("send"); }
    void activate() override;
    void deactivate() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;

    [[nodiscard]] DataEditor &editor() { return *m_editor; }
    [[nodiscard]] ComposeOutcome &outcome() { return *m_outcome; }

private:
    [[nodiscard]] QWidget *makeForm();
    [[nodiscard]] QWidget *makeButtons();
    void connectParts();
    void loadDomains();
    void choose(const QString &action);
    /// False: no domain offers the command any more.
    bool open(const std::string &action, std::string content);
    void openRecorded(const Uuid &command);
    void noticeEdit();
    [[nodiscard]] CommandDraft draft(bool *good = nullptr);
    void validate();
    void takeProblems(const Error &error);
    void preview();
    void send();
    void takeReceipt(const Result<CommandReceipt> &receipt);
    void watchResult();

    std::function<QString()> m_baseUrl;
    std::vector<DomainDescription> m_domains;
    std::string m_action;
    Uuid m_sent;
    std::string m_againData; ///< of the command that is sent again
    bool m_active = false;
    bool m_waiting = false; ///< for the result of m_sent
    QTimer m_typing;
    Ask m_askValid;
    Ask m_askPreview;
    Ask m_askResult;
    Ask m_askRecord;

    CommandList *m_list;
    Card *m_card = nullptr;
    ElidedLabel *m_title = nullptr;
    DataEditor *m_editor;
    CommandOptions *m_options;
    QLabel *m_state;
    QPushButton *m_preview = nullptr;
    QPushButton *m_send = nullptr;
    QPushButton *m_copy = nullptr;
    ComposeOutcome *m_outcome;
    QSplitter *m_splitter;
};

} // namespace commander::ui
