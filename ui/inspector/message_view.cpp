// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/message_view.h"

#include "ui/inspector/inspector_style.h"
#include "ui/widgets/format.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace feedscope::ui {

MessageView::MessageView(QWidget *parent)
    : QWidget(parent)
    , m_note(new QLabel)
    , m_frames(new QTreeWidget)
{
    m_note->setContentsMargins(2, 4, 8, 4);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_frames->setFrameShape(QFrame::NoFrame);
    m_frames->setRootIsDecorated(false);
    m_frames->setUniformRowHeights(true);
    m_frames->setAccessibleName(QStringLiteral("Frames of the message"));
    m_frames->setHeaderLabels({QStringLiteral("No"), QStringLiteral("Time"), QStringLiteral("From"), QStringLiteral("Opcode"),
        QStringLiteral("Flags"), QStringLiteral("Len"), QStringLiteral("What it is")});
    m_frames->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(m_frames, &QTreeWidget::itemActivated, this,
        [this](QTreeWidgetItem *item) { emit recordWanted(item->data(0, Qt::UserRole).toULongLong()); });
    connect(m_frames, &QTreeWidget::itemClicked, this,
        [this](QTreeWidgetItem *item) { emit recordWanted(item->data(0, Qt::UserRole).toULongLong()); });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_note);
    layout->addWidget(m_frames, 1);
}

void MessageView::setMessage(const capture::CaptureReader &reader, const MessageTrace &trace, quint64 selectedRow)
{
    const Colors &colors = colorsFor(palette());
    m_frames->clear();
    size_t between = 0;
    QTreeWidgetItem *selected = nullptr;
    for (size_t i = 0; i < trace.parts.size(); ++i) {
        const MessageTrace::Part &part = trace.parts[i];
        between += part.isFragment ? 0 : 1;
        if (i >= kMostRows)
            continue;
        const FrameLine line = describeRow(reader, part.row);
        auto *item = new QTreeWidgetItem(m_frames); // the widget owns it
        const FrameColumn columns[] = {FrameColumn::No, FrameColumn::Time, FrameColumn::From, FrameColumn::Opcode,
            FrameColumn::Flags, FrameColumn::Length, FrameColumn::What};
        for (int column = 0; column < 7; ++column) {
            item->setText(column, frameCell(line, columns[column]));
            if (!part.isFragment)
                item->setForeground(column, colors.muted);
        }
        item->setForeground(3, rowColor(colors, line.record));
        item->setFont(0, byteFontFor(this));
        item->setFont(1, byteFontFor(this));
        item->setData(0, Qt::UserRole, part.row);
        if (part.row == selectedRow)
            selected = item;
    }
    if (selected)
        m_frames->setCurrentItem(selected);
    for (int column = 0; column < 6; ++column)
        m_frames->resizeColumnToContents(column);

    QStringList notes{QStringLiteral("%1 fragments, %2 bytes").arg(trace.fragments).arg(formatCount(static_cast<quint64>(trace.payload.size())))};
    if (trace.fragments == 1 && trace.parts.size() == 1)
        notes = {QStringLiteral("one frame: not fragmented")};
    if (between > 0)
        notes << QStringLiteral("%1 control frames between").arg(between);
    if (!trace.hasStart)
        notes << QStringLiteral("no beginning found within %1 records").arg(formatCount(trace.looked));
    if (!trace.hasEnd)
        notes << (trace.boundHit ? QStringLiteral("no end found within %1 records").arg(formatCount(trace.looked))
                                 : QStringLiteral("not finished yet"));
    if (trace.parts.size() > kMostRows)
        notes << QStringLiteral("the first %1 of %2 frames are listed").arg(kMostRows).arg(trace.parts.size());
    m_note->setText(notes.join(QStringLiteral(" · ")));
}

QString MessageView::note() const
{
    return m_note->text();
}

} // namespace feedscope::ui
