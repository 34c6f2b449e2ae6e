// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dissect/json.h"

#include <QAbstractItemModel>

#include <vector>

namespace feedscope::ui {

/// A JSON value as a tree of name and value; numbers as the sender wrote them. Owns the value. GUI thread.
class JsonTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    using QAbstractItemModel::QAbstractItemModel;

    void setValue(std::optional<dissect::JsonValue> value);
    bool isEmpty() const { return m_nodes.empty(); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node {
        const dissect::JsonValue *value = nullptr;
        QString name;
        qsizetype parent = -1;
        int row = 0;
        qsizetype firstChild = 0; // children stand next to each other
    };
    const Node *nodeOf(const QModelIndex &index) const;

    std::optional<dissect::JsonValue> m_value;
    std::vector<Node> m_nodes; // breadth first; 0 is the root
};

} // namespace feedscope::ui
