// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/message_trace.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QSplitter;
class QTreeView;

namespace feedscope::ui {

class JsonTreeModel;

/// The payload of a message as people read it: plain text, or JSON as a tree beside its indented text. What is not shown is counted in the line on top.
class PayloadView final : public QWidget {
    Q_OBJECT
public:
    enum class Kind : quint8 { Text, Decoded };
    explicit PayloadView(Kind kind, QWidget *parent = nullptr);

    /// `header`: of the frame that was selected.
    void setMessage(const MessageTrace &trace, const wire::FrameHeader &header);
    QString note() const;
    QString text() const;
    JsonTreeModel *json() { return m_json; }

private:
    Kind m_kind;
    QLabel *m_note;
    QSplitter *m_parts;
    QTreeView *m_tree;
    QPlainTextEdit *m_text;
    JsonTreeModel *m_json;
};

} // namespace feedscope::ui
