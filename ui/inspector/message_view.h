// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/message_trace.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace feedscope::ui {

/// The frames of one message in wire order, with the control frames that stood between them. Choosing one selects it in the list.
class MessageView final : public QWidget {
    Q_OBJECT
public:
    static constexpr size_t kMostRows = 2000;
    explicit MessageView(QWidget *parent = nullptr);

    void setMessage(const capture::CaptureReader &reader, const MessageTrace &trace, quint64 selectedRow);
    QString note() const;
    QTreeWidget *frames() { return m_frames; }

signals:
    void recordWanted(quint64 row);

private:
    QLabel *m_note;
    QTreeWidget *m_frames;
};

} // namespace feedscope::ui
