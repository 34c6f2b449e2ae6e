// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/connection_panel.h"

#include "ui/inspector/connection_words.h"
#include "ui/inspector/inspector_style.h"
#include "ui/inspector/rich_text.h"
#include "ui/inspector/rtt_sparkline.h"
#include "ui/widgets/panel.h"

#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace feedscope::ui {

ConnectionPanel::ConnectionPanel(const HeartbeatLog *heartbeats, QWidget *parent)
    : QWidget(parent)
    , m_heartbeats(heartbeats)
    , m_title(new PanelTitle(QStringLiteral("Connection")))
    , m_scroll(new QScrollArea)
    , m_summary(new RichText(QStringLiteral("Connection")))
    , m_rttTitle(new PanelTitle(QStringLiteral("Heartbeats: ping → pong")))
    , m_sparkline(new RttSparkline)
    , m_rtt(new RichText(QStringLiteral("Heartbeats")))
    , m_endTitle(new PanelTitle(QStringLiteral("End")))
    , m_end(new RichText(QStringLiteral("End of the connection")))
    , m_handshakeTitle(new PanelTitle(QStringLiteral("Handshake")))
    , m_handshake(new RichText(QStringLiteral("Handshake")))
{
    auto *content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    content->setAutoFillBackground(true);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget *part : std::initializer_list<QWidget *>{m_summary, m_rttTitle, m_sparkline, m_rtt, m_endTitle, m_end,
             m_handshakeTitle, m_handshake})
        column->addWidget(part);
    column->addStretch(1);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // its coming and going would rewrap everything

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_title);
    layout->addWidget(m_scroll, 1);
    setMinimumWidth(200);
    write();
}

void ConnectionPanel::setReader(const capture::CaptureReader *reader)
{
    m_reader = reader;
    m_id = 0;
    write();
}

void ConnectionPanel::showConnection(wire::ConnectionId id)
{
    if (m_id == id)
        return;
    m_id = id;
    m_scroll->verticalScrollBar()->setValue(0);
    write();
}

void ConnectionPanel::refresh()
{
    if (!m_reader || m_id == 0)
        return;
    const capture::ConnectionSummary *connection = m_reader->connection(m_id);
    const Heartbeats *heartbeats = m_heartbeats->of(m_id);
    quint64 mark = heartbeats ? heartbeats->pings + heartbeats->answered + heartbeats->unsolicited : 0;
    if (connection)
        mark += connection->framesFromClient + connection->framesFromServer + (connection->ending ? 1 : 0) + 1;
    if (mark != m_writtenFor) {
        m_writtenFor = mark;
        write();
    }
}

void ConnectionPanel::write()
{
    const Colors &colors = colorsFor(palette());
    const capture::ConnectionSummary *connection = m_reader && m_id ? m_reader->connection(m_id) : nullptr;
    for (QWidget *part : std::initializer_list<QWidget *>{m_rttTitle, m_sparkline, m_rtt, m_endTitle, m_end, m_handshakeTitle, m_handshake})
        part->setVisible(connection);
    if (!connection) {
        m_title->setText(QStringLiteral("Connection"));
        m_summary->setRichText(
            QStringLiteral("<p style=\"color:%1\">Select a frame or a connection: its handshake, checked step by step, its round-trip "
                           "times and its end appear here.</p>")
                .arg(colors.muted.name()));
        return;
    }
    const Heartbeats *heartbeats = m_heartbeats->of(m_id);
    m_title->setText(QStringLiteral("Connection %1").arg(m_id));
    m_summary->setRichText(connectionHtml(*connection, colors));
    m_sparkline->setRtts(shownRtts(*connection, heartbeats), heartbeats ? heartbeats->open.size() : 0);
    m_sparkline->setVisible(heartbeats && !heartbeats->rtts.empty());
    m_rtt->setRichText(heartbeatsHtml(*connection, heartbeats, colors));
    m_end->setRichText(endingHtml(*connection, heartbeats, colors));
    m_handshake->setRichText(handshakeHtml(*connection, colors));
}

QString ConnectionPanel::plainText() const
{
    QStringList parts{m_summary->toPlainText()};
    if (!m_rtt->isHidden())
        parts << m_rtt->toPlainText() << m_end->toPlainText() << m_handshake->toPlainText();
    return parts.join(QLatin1Char('\n'));
}

void ConnectionPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        write();
}

} // namespace feedscope::ui
