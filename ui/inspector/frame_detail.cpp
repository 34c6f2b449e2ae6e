// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/frame_detail.h"

#include "ui/inspector/bits_view.h"
#include "ui/inspector/connection_words.h"
#include "ui/inspector/field_list.h"
#include "ui/inspector/flat_tabs.h"
#include "ui/inspector/hex_view.h"
#include "ui/inspector/message_view.h"
#include "ui/inspector/payload_view.h"
#include "ui/inspector/rich_text.h"

#include <QEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace feedscope::ui {

namespace {

QScrollArea *scrolled(QWidget *widget)
{
    auto *area = new QScrollArea;
    auto *content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    content->setAutoFillBackground(true);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(widget);
    column->addStretch(1);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return area;
}

} // namespace

FrameDetail::FrameDetail(QWidget *parent)
    : QWidget(parent)
    , m_highlight(new FrameHighlight(this))
    , m_stack(new QStackedWidget)
    , m_words(new RichText(QStringLiteral("Selected record")))
    , m_tabs(new FlatTabs)
    , m_bits(new BitsView(m_highlight))
    , m_fields(new FieldList(m_highlight))
    , m_hex(new HexView(m_highlight))
    , m_text(new PayloadView(PayloadView::Kind::Text))
    , m_decoded(new PayloadView(PayloadView::Kind::Decoded))
    , m_message(new MessageView)
    , m_violations(new RichText(QStringLiteral("Violations")))
{
    m_tabs->addTab(m_bits, QStringLiteral("Bits"));
    m_tabs->addTab(m_fields, QStringLiteral("Fields"));
    m_tabs->addTab(m_hex, QStringLiteral("Hex"));
    m_tabs->addTab(m_text, QStringLiteral("Text"));
    m_tabs->addTab(m_decoded, QStringLiteral("Decoded"));
    m_tabs->addTab(m_message, QStringLiteral("Message"));
    m_tabs->addTab(scrolled(m_violations), QStringLiteral("Violations"));
    m_stack->addWidget(scrolled(m_words));
    m_stack->addWidget(m_tabs);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_tabs, &QTabWidget::currentChanged, this, &FrameDetail::fill);
    connect(m_message, &MessageView::recordWanted, this, &FrameDetail::recordWanted);
    setFocusProxy(m_tabs->bar());
    write();
}

void FrameDetail::setReader(const capture::CaptureReader *reader)
{
    m_reader = reader;
    showRecord({});
}

void FrameDetail::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(static_cast<int>(tab));
}

FrameDetail::Tab FrameDetail::tab() const
{
    return static_cast<Tab>(m_tabs->currentIndex());
}

void FrameDetail::showRecord(std::optional<quint64> row)
{
    m_row = m_reader ? row : std::nullopt;
    m_highlight->clear();
    write();
}

void FrameDetail::write()
{
    const Colors &colors = colorsFor(palette());
    m_filled = 0;
    if (!m_row) {
        m_anatomy = {};
        m_words->setRichText(QStringLiteral("<p style=\"color:%1\">Select a frame: its bits as RFC 6455 5.2 draws them, its fields in words, "
                                            "its bytes, text, message and violations appear here.</p>")
                                 .arg(colors.muted.name()));
        m_stack->setCurrentIndex(0);
        return;
    }
    const capture::Record record = m_reader->record(*m_row, true);
    if (record.kind != capture::RecordKind::Frame) {
        m_anatomy = {};
        const capture::ConnectionSummary *connection = m_reader->connection(record.connection);
        QString html;
        if (connection)
            html = record.kind == capture::RecordKind::Handshake ? handshakeHtml(*connection, colors)
                                                                 : endingHtml(*connection, nullptr, colors);
        m_words->setRichText(html);
        m_stack->setCurrentIndex(0);
        return;
    }
    m_anatomy = FrameAnatomy(record);
    m_stack->setCurrentIndex(1);
    const int broken = record.violations.size();
    const int tab = static_cast<int>(Tab::Violations);
    m_tabs->setTabText(tab, broken ? QStringLiteral("Violations %1").arg(broken) : QStringLiteral("Violations"));
    m_tabs->bar()->setWarning(tab, isBroken(record.violations));
    // Views may hold on to the anatomy of the record before: all of them get the new one, only the shown one lays it out at once.
    m_bits->setFrame(&m_anatomy);
    m_fields->setFrame(&m_anatomy);
    m_hex->setFrame(&m_anatomy);
    fill();
}

void FrameDetail::fill()
{
    if (!m_row || m_anatomy.isEmpty() || (m_filled & (1u << m_tabs->currentIndex())))
        return;
    m_filled |= 1u << m_tabs->currentIndex();
    switch (tab()) {
    case Tab::Bits:
    case Tab::Fields:
    case Tab::Hex:
        return;
    case Tab::Text:
        m_text->setMessage(traceMessage(*m_reader, *m_row), m_anatomy.frameHeader());
        return;
    case Tab::Decoded:
        m_decoded->setMessage(traceMessage(*m_reader, *m_row), m_anatomy.frameHeader());
        return;
    case Tab::Message:
        m_message->setMessage(*m_reader, traceMessage(*m_reader, *m_row), *m_row);
        return;
    case Tab::Violations: {
        const capture::Record record = m_reader->record(*m_row, true);
        const auto violations = wire::describe(record.violations, record.header, record.payload);
        const Colors &colors = colorsFor(palette());
        m_violations->setRichText(violations.empty()
                ? QStringLiteral("<p style=\"color:%1\">This frame breaks no rule.</p>").arg(colors.muted.name())
                : violationsHtml(violations, colors));
        return;
    }
    }
}

void FrameDetail::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        write();
}

} // namespace feedscope::ui
