// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "models/format.h"
#include "theme/theme.h"

#include <commander/filter.h>

#include <optional>
#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace commander::ui {

class ElidedLabel;
class EmptyState;
class IconButton;
class IconLabel;
class JsonPanel;
class OutcomeBox;

/// One record with all that is known of it: what, when, why, what became of it, and its exact data.
class RecordPanel final : public QWidget {
    Q_OBJECT
public:
    RecordPanel(EngineLink &link, Theme &theme, std::function<QString()> baseUrl, QWidget *parent = nullptr);
    /// Shows a record; null shows the hint to choose one.
    void showRecord(const Uuid &id);
    void reload(); ///< its result may have come
    void setTimeStyle(TimeStyle style);
    [[nodiscard]] RecordPtr record() const { return m_detail.record; }
    /// It shows a command whose result is still to come.
    [[nodiscard]] bool isWaiting() const
    {
        return m_detail.outcome && m_detail.outcome->status == CommandStatus::Accepted;
    }
    /// A line for a shell that sends a command with the same content.
    [[nodiscard]] static QString curlLine(const Record &command, const QString &baseUrl);

Q_SIGNALS:
    void recordWanted(const commander::Uuid &id); ///< the cause was pressed
    void lineageWanted();
    void sendAgainWanted();
    void stepWanted(int direction); ///< -1 or 1 along the chain
    void filterWanted(const commander::FilterNode &condition);

private:
    struct Detail {
        RecordPtr record;
        RecordPtr cause; ///< null: none, or not in the ledger
        std::optional<CommandOutcome> outcome;
        std::optional<std::uint32_t> upcastTo; ///< an older event: the version that its domain's folds get
    };
    struct Field {
        QLabel *label;
        ElidedLabel *value;
        IconButton *copy;
    };
    Field addField(QGridLayout &grid, const QString &label, FilterField field, bool monospace);
    void showFieldMenu(const QWidget &value, FilterField field, const QPoint &place);
    [[nodiscard]] QWidget *makeHead();
    [[nodiscard]] QToolButton *makeMore();
    void makeTest();
    [[nodiscard]] QWidget *makeFields();
    void accept(Detail detail);
    void fill();

    EngineLink &m_link;
    Theme &m_theme;
    std::function<QString()> m_baseUrl;
    TimeStyle m_timeStyle = TimeStyle::Local;
    Uuid m_id;
    Detail m_detail;
    Ask m_ask;

    QStackedWidget *m_stack;
    EmptyState *m_empty;
    IconLabel *m_icon;
    ElidedLabel *m_action;
    QLabel *m_kind;
    QPushButton *m_again;
    QToolButton *m_more; ///< what else can be done with a command
    Field m_idField;
    Field m_timeField;
    QToolButton *m_cause;
    Field m_chainField;
    Field m_keyField;
    Field m_actorField;
    Field m_placeField;
    OutcomeBox *m_outcome;
    JsonPanel *m_data;
};

} // namespace commander::ui
