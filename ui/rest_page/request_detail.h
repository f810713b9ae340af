// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "rest_page/request_lines.h"
#include "theme/theme.h"

#include <optional>
#include <QWidget>

class QLabel;
class QPushButton;

namespace commander::ui {

class CodeBox;
class SegmentedControl;

/// One request: what became of it, and how to send it again.
class RequestDetail final : public QWidget {
    Q_OBJECT
public:
    RequestDetail(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    /// Null = none is chosen.
    void setEntry(const RequestEntry *entry, const QString &baseUrl);

private:
    void show(std::optional<std::string> body);
    void showLine();
    void showCommand();

    EngineLink &m_link;
    Selection &m_selection;
    std::optional<KnownRequest> m_request;
    QString m_baseUrl;
    Ask m_ask;

    QLabel *m_title;
    QLabel *m_outcome;
    QLabel *m_facts;
    SegmentedControl *m_syntax;
    CodeBox *m_line;
    QLabel *m_note;
    QPushButton *m_command;
    QPushButton *m_lineage;
};

} // namespace commander::ui
