// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/json_tree_model.h"

#include "ui/models/frame_fields.h"

namespace feedscope::ui {

namespace {

using dissect::JsonValue;

QString valueText(const JsonValue &value)
{
    switch (value.kind) {
    case JsonValue::Kind::Null:
        return QStringLiteral("null");
    case JsonValue::Kind::False:
        return QStringLiteral("false");
    case JsonValue::Kind::True:
        return QStringLiteral("true");
    case JsonValue::Kind::Number:
        return QString::fromLatin1(value.text);
    case JsonValue::Kind::String:
        return QStringLiteral("\"%1\"").arg(inert(QString::fromUtf8(value.text)));
    case JsonValue::Kind::Array:
        return QStringLiteral("[%1]").arg(value.members.size());
    case JsonValue::Kind::Object:
        break;
    }
    return QStringLiteral("{%1}").arg(value.members.size());
}

QString kindText(JsonValue::Kind kind)
{
    switch (kind) {
    case JsonValue::Kind::Null:
        return QStringLiteral("null");
    case JsonValue::Kind::False:
    case JsonValue::Kind::True:
        return QStringLiteral("boolean");
    case JsonValue::Kind::Number:
        return QStringLiteral("number");
    case JsonValue::Kind::String:
        return QStringLiteral("string");
    case JsonValue::Kind::Array:
        return QStringLiteral("array");
    case JsonValue::Kind::Object:
        break;
    }
    return QStringLiteral("object");
}

} // namespace

void JsonTreeModel::setValue(std::optional<JsonValue> value)
{
    beginResetModel();
    m_value = std::move(value);
    m_nodes.clear();
    if (m_value) {
        m_nodes.push_back({&*m_value, QStringLiteral("payload"), -1, 0, 0});
        for (size_t i = 0; i < m_nodes.size(); ++i) {
            m_nodes[i].firstChild = static_cast<qsizetype>(m_nodes.size());
            const JsonValue *parent = m_nodes[i].value;
            for (size_t child = 0; child < parent->members.size(); ++child) {
                const JsonValue::Member &member = parent->members[child];
                QString name = parent->kind == JsonValue::Kind::Array ? QString::number(child)
                                                                      : inert(QString::fromUtf8(member.name));
                m_nodes.push_back(
                    {&member.value, std::move(name), static_cast<qsizetype>(i), static_cast<int>(child), 0});
            }
        }
    }
    endResetModel();
}

const JsonTreeModel::Node *JsonTreeModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? &m_nodes[static_cast<size_t>(index.internalId())] : nullptr;
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Node *node = nodeOf(parent);
    return createIndex(row, column, static_cast<quintptr>(node ? node->firstChild + row : 0));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &child) const
{
    const Node *node = nodeOf(child);
    if (!node || node->parent < 0)
        return {};
    return createIndex(m_nodes[static_cast<size_t>(node->parent)].row, 0, static_cast<quintptr>(node->parent));
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return 0;
    if (const Node *node = nodeOf(parent))
        return static_cast<int>(node->value->members.size());
    return m_nodes.empty() ? 0 : 1;
}

int JsonTreeModel::columnCount(const QModelIndex &) const
{
    return 3;
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    const Node *node = nodeOf(index);
    if (!node || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    switch (index.column()) {
    case 0:
        return node->name;
    case 1:
        return valueText(*node->value);
    default:
        return kindText(node->value->kind);
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case 0:
        return QStringLiteral("Name");
    case 1:
        return QStringLiteral("Value, as written");
    default:
        return QStringLiteral("Kind");
    }
}

} // namespace feedscope::ui
