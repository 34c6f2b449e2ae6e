// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/address_field.h"

#include <QCompleter>
#include <QFileInfo>
#include <QKeyEvent>
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
    if (trimmed.startsWith(QLatin1String("ws://"), Qt::CaseInsensitive) || trimmed.startsWith(QLatin1String("wss://"), Qt::CaseInsensitive))
        return Kind::Url;
    if (m_symbols.contains(trimmed, Qt::CaseInsensitive))
        return Kind::Symbol;
    if (m_topics.contains(trimmed))
        return Kind::Topic;
    if (trimmed.endsWith(QLatin1String(".fscap")) || QFileInfo::exists(trimmed))
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
    selectAll();
}

void AddressField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        clear();
        clearFocus();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace feedscope::ui
