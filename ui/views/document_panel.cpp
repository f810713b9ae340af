// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/document_panel.h"

#include "lineage/node_text.h"
#include "models/format.h"
#include "models/words.h"
#include "views/document_tree_model.h"
#include "views/origin_panel.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"

#include <QHeaderView>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace commander::ui {

DocumentPanel::DocumentPanel(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_selection(selection), m_model(new DocumentTreeModel(theme, this))
{
    build(theme);
    connect(&m_selection, &Selection::documentChanged, this, &DocumentPanel::refresh);
    connect(&m_selection, &Selection::momentChanged, this, &DocumentPanel::refresh);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        if (!row.isValid())
            return;
        m_field = m_model->pointerAt(row);
        tellOrigin();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_tree->expandAll();
        m_tree->setCurrentIndex(m_model->indexOf(m_field));
    });
}

void DocumentPanel::build(Theme &theme)
{
    m_title = new ElidedLabel(Qt::ElideMiddle);
    m_title->setProperty("role", QStringLiteral("heading"));
    m_facts = new ElidedLabel;
    m_facts->setProperty("role", QStringLiteral("muted"));
    m_tree = new QTreeView;
    m_tree->setModel(m_model);
    m_tree->setAccessibleName(tr("Fields of the document"));
    m_tree->setAlternatingRowColors(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setIconSize({14, 14});
    m_tree->setIndentation(16);
    auto *header = m_tree->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(DocumentTreeModel::Field, QHeaderView::Interactive);
    header->setSectionResizeMode(DocumentTreeModel::Value, QHeaderView::Stretch);
    header->setSectionResizeMode(DocumentTreeModel::SetBy, QHeaderView::Interactive);
    header->resizeSection(DocumentTreeModel::Field, 130);
    header->resizeSection(DocumentTreeModel::SetBy, 200);
    m_origin = new OriginPanel(m_link, m_selection, theme);
    m_empty = new EmptyState(theme, QStringLiteral("document"));

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_facts);
    column->addWidget(m_tree, 1);
    column->addWidget(m_origin);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
}

void DocumentPanel::setActive(bool active)
{
    m_active = active;
    if (active)
        refresh();
    else
        m_ask.cancel();
}

void DocumentPanel::refresh()
{
    if (!m_active)
        return;
    if (!m_selection.document()) {
        m_ask.cancel();
        m_shown.reset();
        m_model->clear();
        showNothing(tr("No document is chosen"), tr("Choose one in the list to see its fields and who set them."));
        return;
    }
    ask();
}

void DocumentPanel::showNothing(const QString &title, const QString &body)
{
    m_empty->setTexts(title, body);
    m_stack->setCurrentIndex(0);
}

void DocumentPanel::ask()
{
    m_link.ask<State>(
        m_ask,
        [key = *m_selection.document(), at = m_selection.moment()](Engine &engine,
                                                                   std::stop_token stop) -> Result<State> {
            auto document = engine.views().get(key.view, key.key, at);
            if (!document)
                return fail(document.error());
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            // As of the document's own position, so that fields and origins agree even while events arrive.
            auto origins = engine.views().blame(key.view, key.key, document->position);
            if (!origins)
                return fail(origins.error());
            return State{std::move(*document), std::move(*origins)};
        },
        [this](Result<State> answer) { take(std::move(answer)); });
}

void DocumentPanel::take(Result<State> answer)
{
    const auto key = *m_selection.document();
    if (!answer) {
        m_shown.reset();
        m_model->clear();
        const auto moment = m_selection.moment();
        if (answer.error().code != ErrorCode::NotFound)
            showNothing(tr("The document could not be read"), errorText(answer.error()));
        else if (moment)
            showNothing(tr("Not there at #%1").arg(formatCount(moment->value)),
                        tr("%1 / %2 did not exist at this moment. Move the slider or step to its next change.")
                            .arg(toText(key.view), toText(key.key)));
        else
            showNothing(tr("This document is not there"),
                        tr("%1 / %2 does not exist or has been removed.").arg(toText(key.view), toText(key.key)));
        return;
    }
    const auto &document = answer->document;
    m_title->setFullText(tr("%1 / %2", "view / key").arg(toText(key.view), toText(key.key)));
    m_facts->setFullText(tr("Last changed at #%1 · version %2 of the view")
                             .arg(formatCount(document.position.value))
                             .arg(document.version));
    const bool same = m_shown == key && m_shownPosition == document.position;
    m_shown = key;
    m_shownPosition = document.position;
    m_stack->setCurrentIndex(1);
    if (same)
        return;
    if (const auto set = m_model->setDocument(document, answer->origins); !set) {
        showNothing(tr("The document cannot be shown"), errorText(set.error()));
        return;
    }
    if (!m_tree->currentIndex().isValid() && m_model->rowCount() > 0)
        m_tree->setCurrentIndex(m_model->index(0, 0));
    tellOrigin();
}

void DocumentPanel::tellOrigin()
{
    const auto field = m_model->indexOf(m_field);
    const auto *origin = m_model->originAt(field);
    m_origin->setOrigin(pointerText(toUtf8(m_field)), origin ? std::optional(*origin) : std::nullopt);
}

} // namespace commander::ui
