// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/address_field.h"

#include "ui/widgets/colors.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFileInfo>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStringListModel>

namespace feedscope::ui {

AddressField::AddressField(QWidget *parent)
    : QLineEdit(parent)
    , m_completions(new QStringListModel(this))
{
    setObjectName(QStringLiteral("addressField"));
    setPlaceholderText(tr("ws://…  connect, open or filter"));
    setAccessibleName(tr("Address: connect to a URL, open a capture, find a symbol or topic, or filter frames"));
    setToolTip(tr("A ws:// address connects, a file name opens, a symbol or topic is shown, anything else filters the frames (Ctrl+K)"));
    setWhatsThis(tr("Type a ws:// address to connect, the name of a capture file to open it, a symbol or topic to show it, or a filter "
                    "such as opcode == ping to see those frames in the inspector."));
    setClearButtonEnabled(true);
    auto *completer = new QCompleter(m_completions, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->setMaxVisibleItems(12);
    setCompleter(completer);
    connect(this, &QLineEdit::returnPressed, this, &AddressField::enter);
}

void AddressField::setSymbols(const QStringList &symbols)
{
    if (m_symbols == symbols)
        return;
    m_symbols = symbols;
    updateCompletions();
}

void AddressField::setTopics(const QStringList &topics)
{
    if (m_topics == topics)
        return;
    m_topics = topics;
    updateCompletions();
}

void AddressField::updateCompletions()
{
    m_completions->setStringList(m_symbols + m_topics);
}

AddressField::Kind AddressField::kindOf(const QString &text) const
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return Kind::Empty;
    static const QRegularExpression scheme(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]*://"));
    if (trimmed.contains(scheme))
        return Kind::Url; // also where it cannot be connected to: then that is said
    if (m_symbols.contains(trimmed, Qt::CaseInsensitive))
        return Kind::Symbol;
    if (m_topics.contains(trimmed))
        return Kind::Topic;
    if (trimmed.endsWith(QLatin1String(".fscap")) || QFileInfo(trimmed).isFile())
        return Kind::File;
    return Kind::Filter;
}

void AddressField::enter()
{
    const QString entered = text().trimmed();
    switch (kindOf(entered)) {
    case Kind::Empty:
        return;
    case Kind::Url:
        emit urlEntered(entered);
        break;
    case Kind::File:
        emit fileEntered(entered);
        break;
    case Kind::Symbol:
        emit symbolEntered(entered.toUpper());
        break;
    case Kind::Topic:
        emit topicEntered(entered);
        break;
    case Kind::Filter:
        emit filterEntered(entered);
        break;
    }
    completer()->popup()->hide();
    selectAll();
}

void AddressField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        if (completer()->popup()->isVisible()) {
            completer()->popup()->hide(); // what was typed stays
            return;
        }
        clear();
        clearFocus();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void AddressField::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    if (!text().isEmpty() || hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(colorsFor(palette()).muted);
    painter.drawText(rect().adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, tr("Ctrl+K"));
}

} // namespace feedscope::ui
