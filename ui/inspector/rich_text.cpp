// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/rich_text.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>

namespace feedscope::ui {

RichText::RichText(const QString &accessibleName, QWidget *parent)
    : QTextBrowser(parent)
{
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    document()->setDocumentMargin(8);
    viewport()->setAutoFillBackground(false);
}

void RichText::setRichText(const QString &html)
{
    if (html == m_html)
        return;
    m_html = html;
    // HTML takes a narrow no-break space for any space; a number is not to be parted from its unit.
    setHtml(QString(html).replace(QChar(0x202f), QStringLiteral("&nbsp;")));
    fit();
}

void RichText::fit()
{
    document()->setTextWidth(viewport()->width());
    const auto height = static_cast<int>(document()->documentLayout()->documentSize().height());
    setFixedHeight(qMax(1, height));
}

void RichText::resizeEvent(QResizeEvent *event)
{
    QTextBrowser::resizeEvent(event);
    fit();
}

void RichText::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fit();
}

} // namespace feedscope::ui
