// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "views/diff_model.h"

#include <optional>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTableView;

namespace commander::ui {

class ElidedLabel;
class EmptyState;
class IconButton;
class PositionSpinBox;

/// Compares two states of the document. Without pins it shows what the change that is seen did. GUI thread only.
class DiffPanel final : public QWidget {
    Q_OBJECT
public:
    DiffPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);

    void setHead(Position head);
    void refresh(); ///< document, moment or pins are others
    void pinA(Position position);
    void pinB(Position position);
    void clearPins();
    void setActive(bool active);

Q_SIGNALS:
    void pinsChanged(const std::optional<commander::Position> &a, const std::optional<commander::Position> &b);
    void failed(const commander::Error &error);

private:
    struct Answer {
        std::optional<Position> from; ///< none: nothing to compare
        Position to;
        std::vector<DiffRow> rows;
        std::string action; ///< of the single change that is shown without pins
    };
    void build(Theme &theme);
    void take(Answer answer);
    void tellPins();

    // Constant after construction
    EngineLink &m_link;
    Selection &m_selection;
    DiffModel *m_model;
    ElidedLabel *m_head = nullptr;
    PositionSpinBox *m_spinA = nullptr;
    PositionSpinBox *m_spinB = nullptr;
    IconButton *m_clear = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_none = nullptr;
    QTableView *m_table = nullptr;

    // GUI thread only
    bool m_active = false;
    std::optional<Position> m_a;
    std::optional<Position> m_b;
    Position m_newest{1};
    Ask m_ask;
};

} // namespace commander::ui
