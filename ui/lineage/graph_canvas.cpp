// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage/graph_canvas.h"

#include <algorithm>
#include <cmath>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

namespace commander::ui {

namespace {
constexpr double zoomLeast = 0.1;
constexpr double zoomReadable = 0.72;
constexpr double zoomMost = 3.0;
constexpr double zoomStep = 1.2;
constexpr double wheelNotch = 120;
} // namespace

GraphCanvas::GraphCanvas(GraphScene &scene, QWidget *parent) : QGraphicsView(&scene, parent), m_scene(scene)
{
    setFrameShape(QFrame::NoFrame);
    setDragMode(QGraphicsView::ScrollHandDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setRenderHint(QPainter::Antialiasing, true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(160);
    viewport()->setCursor(Qt::ArrowCursor);
    setAccessibleName(tr("Lineage graph"));
}

void GraphCanvas::fit()
{
    m_readable = false;
    applyFit();
}

void GraphCanvas::fitReadable()
{
    m_readable = true;
    applyFit();
}

void GraphCanvas::applyFit()
{
    m_fitted = true;
    if (m_scene.isEmpty() || viewport()->width() < 10)
        return;
    const auto bounds = sceneRect();
    const auto whole = std::min({1.0, viewport()->width() / bounds.width(), viewport()->height() / bounds.height()});
    const auto scale = std::max(whole, m_readable ? zoomReadable : zoomLeast);
    setTransform(QTransform::fromScale(scale, scale));
    centerOn(bounds.center());
    if (scale > whole)
        showCurrent();
}

void GraphCanvas::zoomBy(double factor)
{
    const auto wanted = std::clamp(transform().m11() * factor, zoomLeast, zoomMost);
    m_fitted = false;
    const auto ratio = wanted / transform().m11();
    scale(ratio, ratio);
}

void GraphCanvas::showCurrent()
{
    if (const auto node = m_scene.current())
        ensureVisible(m_scene.card(*node)->sceneBoundingRect(), 24, 24);
}

void GraphCanvas::wheelEvent(QWheelEvent *event)
{
    zoomBy(std::pow(zoomStep, event->angleDelta().y() / wheelNotch));
    event->accept();
}

void GraphCanvas::walk(GraphStep step)
{
    if (const auto node = m_scene.neighbour(step))
        Q_EMIT nodeChosen(*node);
}

void GraphCanvas::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        walk(GraphStep::Cause);
        break;
    case Qt::Key_Right:
        walk(GraphStep::Effect);
        break;
    case Qt::Key_Up:
        walk(GraphStep::Up);
        break;
    case Qt::Key_Down:
        walk(GraphStep::Down);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep);
        break;
    case Qt::Key_0:
        fit();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const auto node = m_scene.current())
            Q_EMIT nodeOpened(*node);
        break;
    default:
        QGraphicsView::keyPressEvent(event);
        return;
    }
    event->accept();
}

NodeItem *GraphCanvas::cardAt(const QPoint &point) const
{
    for (auto *item : items(point)) {
        auto *card = qgraphicsitem_cast<NodeItem *>(item);
        if (card && card->card().contains(card->mapFromScene(mapToScene(point))))
            return card;
    }
    return nullptr;
}

void GraphCanvas::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->pos();
    QGraphicsView::mousePressEvent(event);
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    QGraphicsView::mouseReleaseEvent(event);
    viewport()->setCursor(Qt::ArrowCursor);
    if ((event->pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance()) {
        m_fitted = false;
        return;
    }
    if (auto *card = cardAt(event->pos()); card && event->button() == Qt::LeftButton)
        Q_EMIT nodeChosen(card->index());
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (auto *card = cardAt(event->pos()))
        Q_EMIT nodeOpened(card->index());
}

void GraphCanvas::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted)
        applyFit();
}

} // namespace commander::ui
