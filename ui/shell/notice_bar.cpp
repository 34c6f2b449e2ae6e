// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notice_bar.h"

#include "ui/widgets/colors.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace feedscope::ui {

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_more(new QLabel(this))
    , m_action(new QPushButton(this))
{
    setObjectName(QStringLiteral("noticeBar"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_action->setObjectName(QStringLiteral("noticeAction"));
    m_more->setForegroundRole(QPalette::PlaceholderText);
    auto *close = new QToolButton(this);
    close->setObjectName(QStringLiteral("noticeDismiss"));
    close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Dismiss this notice"));
    close->setToolTip(tr("Dismiss"));

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(m_more);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &NoticeBar::dismiss);
    connect(m_action, &QPushButton::clicked, this, [this] { emit actionTriggered(m_notices.back().key); });
    hide();
}

void NoticeBar::show(Severity severity, const QString &text, const QString &key, const QString &action)
{
    std::erase_if(m_notices, [&](const Notice &notice) { return notice.text == text || (!key.isEmpty() && notice.key == key); });
    m_notices.push_back({severity, text, key, action});
    present();
}

QString NoticeBar::text() const
{
    return m_notices.empty() ? QString() : m_notices.back().text;
}

int NoticeBar::waiting() const
{
    return qMax(0, static_cast<int>(m_notices.size()) - 1);
}

void NoticeBar::present()
{
    setVisible(!m_notices.empty());
    if (m_notices.empty())
        return;
    const Notice &notice = m_notices.back();
    m_text->setText(notice.text);
    m_text->setAccessibleName(notice.text);
    m_action->setText(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    m_more->setText(tr("%1 more").arg(waiting()));
    m_more->setVisible(waiting() > 0);
    update();
}

void NoticeBar::dismiss()
{
    const QString key = m_notices.back().key;
    m_notices.pop_back();
    present();
    emit dismissed(key);
}

void NoticeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    const Severity severity = m_notices.empty() ? Severity::Info : m_notices.back().severity;
    const QColor color = severity == Severity::Error ? colors.error : severity == Severity::Warning ? colors.warning : colors.accent;
    painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    painter.fillRect(QRect(0, 0, 3, height()), color);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors.border);
}

} // namespace feedscope::ui
