// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/connection_banner.h"

#include "ui/widgets/panel.h"
#include "ui/widgets/colors.h"

#include <QAccessible>
#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace feedscope::ui {

namespace {

constexpr int kSignWidth = 32;

QColor hue(const Colors &colors, Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return colors.error;
    case Severity::Warning:
        return colors.warning;
    default:
        return colors.accent;
    }
}

} // namespace

ConnectionBanner::ConnectionBanner(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel)
    , m_retry(new QPushButton(QStringLiteral("Retry now")))
    , m_stop(new QPushButton(QStringLiteral("Stop")))
{
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_retry->setObjectName(QStringLiteral("retryNow"));
    m_retry->setAccessibleName(QStringLiteral("Retry the connection now"));
    m_stop->setObjectName(QStringLiteral("stopRetrying"));
    m_stop->setAccessibleName(QStringLiteral("Stop retrying"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kSignWidth + 8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_retry);
    row->addWidget(m_stop);
    connect(m_retry, &QPushButton::clicked, this, &ConnectionBanner::retryRequested);
    connect(m_stop, &QPushButton::clicked, this, &ConnectionBanner::stopRequested);
    hide();
}

QString ConnectionBanner::text() const
{
    return m_text->text();
}

void ConnectionBanner::say(const QString &text, Severity severity, BannerActions actions)
{
    const bool silent = text.isEmpty() || severity == Severity::None;
    const bool news = !silent && (isHidden() || severity != m_severity);
    if (m_severity != severity) {
        m_severity = severity;
        update();
    }
    if (m_text->text() != text)
        m_text->setText(text);
    m_retry->setVisible(actions.testFlag(BannerAction::Retry));
    m_stop->setVisible(actions.testFlag(BannerAction::Stop));
    setAccessibleName(text);
    setVisible(!silent);
    // Said once and not with each second of a countdown.
    if (news) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void ConnectionBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const QColor color = hue(colors, m_severity);
    painter.fillRect(rect(), blend(palette().color(QPalette::Base), color, colors.dark ? 0.16 : 0.10));
    painter.fillRect(QRect(0, 0, 4, height()), color);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors.border);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QPointF centre(12 + 10, height() / 2.0);
    painter.setPen(QPen(color, 1.6));
    if (m_severity == Severity::Info) {
        painter.drawEllipse(centre, 8, 8);
        painter.drawText(QRectF(centre.x() - 8, centre.y() - 8, 16, 16), Qt::AlignCenter, QStringLiteral("i"));
    } else {
        const QPointF triangle[] = {centre + QPointF(0, -8), centre + QPointF(9, 7.5), centre + QPointF(-9, 7.5)};
        painter.drawConvexPolygon(triangle, 3);
        painter.drawLine(centre + QPointF(0, -2.5), centre + QPointF(0, 2));
        painter.drawPoint(centre + QPointF(0, 5));
    }
}

} // namespace feedscope::ui
