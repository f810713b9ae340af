// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <commander/json.h>
#include <commander/views.h>

#include <QAbstractItemModel>
#include <vector>

namespace commander::ui {

/// One document as a tree: field, value as it is written, and who set it. A document of the same shape is taken over in
/// place, so that nothing folds up or jumps while the moment moves. GUI thread only.
class DocumentTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Field, Value, SetBy, ColumnCount };

    explicit DocumentTreeModel(Theme &theme, QObject *parent = nullptr);
    /// `json` must be valid; origins are those of the same position.
    [[nodiscard]] Result<void> setDocument(const Document &document, const std::vector<FieldOrigin> &origins);
    void clear();
    /// Who set the field; for an object or array, whoever set the newest field in it. Null pointer when unknown.
    [[nodiscard]] const FieldOrigin *originAt(const QModelIndex &index) const;
    [[nodiscard]] QString pointerAt(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const QString &pointer) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Node {
        QString name;
        std::string pointer;
        QString value;
        bool container = false;
        std::size_t parent = none;
        int row = 0;
        std::size_t origin = none; ///< into m_origins
        std::vector<std::size_t> children;
    };
    using Nodes = std::vector<Node>;
    static void append(Nodes &nodes, const QString &name, const std::string &pointer, const Json &value,
                       std::size_t parent);
    void assignOrigins(Nodes &nodes) const;
    [[nodiscard]] const Node &nodeAt(const QModelIndex &index) const { return m_nodes[index.internalId()]; }

    Theme &m_theme;
    Nodes m_nodes; ///< [0] is the document itself and has no row
    std::vector<FieldOrigin> m_origins;
    Position m_position; ///< of the document's newest change
};

} // namespace commander::ui
