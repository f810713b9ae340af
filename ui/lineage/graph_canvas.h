// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lineage/graph_scene.h"

#include <QGraphicsView>

namespace commander::ui {

/// Shows a GraphScene: zoom and pan, keys that walk along the arrows, clicks that choose. GUI thread only.
class GraphCanvas final : public QGraphicsView {
    Q_OBJECT
public:
    GraphCanvas(GraphScene &scene, QWidget *parent = nullptr);

    void fit();         ///< everything, never larger than life; stays fitted while the window changes size
    void fitReadable(); ///< the same, but no smaller than can be read: then around the current card
    void zoomBy(double factor);
    [[nodiscard]] bool isFitted() const { return m_fitted; }
    void showCurrent(); ///< brings the current card into sight

Q_SIGNALS:
    void nodeChosen(std::size_t node); ///< click or arrow key
    void nodeOpened(std::size_t node); ///< double click or Return

protected:
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void applyFit();
    void walk(GraphStep step);
    [[nodiscard]] NodeItem *cardAt(const QPoint &point) const;

    GraphScene &m_scene;
    bool m_fitted = true;
    bool m_readable = false; ///< fitted, and readable before whole
    QPoint m_pressed;
};

} // namespace commander::ui
