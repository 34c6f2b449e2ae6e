// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/payload_view.h"

#include "ui/inspector/inspector_style.h"
#include "ui/models/json_tree_model.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "wire/utf8.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTreeView>
#include <QVBoxLayout>

namespace feedscope::ui {

namespace {

constexpr qsizetype kMostText = 256 * 1024; // a text widget lays out all it has
constexpr qsizetype kMostJson = 4 * 1024 * 1024;
constexpr int kMostValues = 50'000;
constexpr int kExpandedValues = 400;

QString readable(const QByteArray &payload)
{
    QStringList lines;
    for (const QByteArray &line : payload.split('\n')) {
        QStringList cells;
        for (const QByteArray &cell : line.split('\t'))
            cells << inert(QString::fromUtf8(cell));
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

QString partWords(const MessageTrace &trace)
{
    QStringList words{QStringLiteral("%1 bytes").arg(formatCount(static_cast<quint64>(trace.payload.size())))};
    if (trace.fragments > 1)
        words << QStringLiteral("of %1 fragments").arg(trace.fragments);
    if (!trace.hasStart)
        words << QStringLiteral("the beginning was not found within %1 records").arg(formatCount(trace.looked));
    if (!trace.hasEnd)
        words << (trace.boundHit ? QStringLiteral("the end was not found within %1 records").arg(formatCount(trace.looked))
                                 : QStringLiteral("the end has not been seen"));
    if (trace.payloadCut)
        words << QStringLiteral("only the first %1 are read").arg(formatBytes(MessageTrace::kMostPayload));
    return words.join(QStringLiteral(" · "));
}

} // namespace

PayloadView::PayloadView(Kind kind, QWidget *parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_note(new QLabel)
    , m_parts(new LineSplitter(Qt::Horizontal))
    , m_tree(new QTreeView)
    , m_text(new QPlainTextEdit)
    , m_json(new JsonTreeModel(this))
{
    m_note->setContentsMargins(8, 4, 8, 4);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(byteFontFor(this));
    m_text->setAccessibleName(QStringLiteral("Payload"));
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_tree->setModel(m_json);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(QStringLiteral("JSON tree"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_parts->addWidget(m_tree);
    m_parts->addWidget(m_text);
    m_tree->setVisible(kind == Kind::Decoded);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_note);
    layout->addWidget(m_parts, 1);
}

void PayloadView::setMessage(const MessageTrace &trace, const wire::FrameHeader &header)
{
    QStringList notes{partWords(trace)};
    QByteArray shown = trace.payload;
    if (header.rsv1)
        notes << QStringLiteral("RSV1 is set: compressed bytes, shown as they are");
    if (m_kind == Kind::Decoded) {
        dissect::JsonResult result;
        if (shown.size() > kMostJson)
            result.error.what = QStringLiteral("more than %1 are not decoded").arg(formatBytes(kMostJson));
        else
            result = dissect::parseJson(shown, 64, kMostValues);
        const bool isJson = result.value.has_value();
        if (isJson)
            shown = dissect::prettyJson(*result.value);
        notes.prepend(isJson ? QStringLiteral("JSON, numbers as written")
                             : QStringLiteral("not JSON at byte %1: %2").arg(result.error.offset).arg(result.error.what));
        m_json->setValue(std::move(result.value));
        m_tree->setVisible(isJson);
        if (isJson) {
            if (shown.count('\n') < kExpandedValues)
                m_tree->expandAll();
            else
                m_tree->expandToDepth(0);
            m_tree->resizeColumnToContents(0);
            m_tree->resizeColumnToContents(2);
        }
    } else if (!wire::isValidUtf8(shown)) {
        notes << QStringLiteral("not valid UTF-8: what cannot be read is marked �");
    }
    if (shown.size() > kMostText) {
        notes << QStringLiteral("the first %1 are shown; Copy as text has all").arg(formatBytes(kMostText));
        shown.truncate(kMostText);
    }
    m_text->setPlainText(readable(shown));
    m_note->setText(notes.join(QStringLiteral(" · ")));
}

QString PayloadView::note() const
{
    return m_note->text();
}

QString PayloadView::text() const
{
    return m_text->toPlainText();
}

} // namespace feedscope::ui
