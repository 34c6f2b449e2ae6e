// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/filter_edit.h"

#include "ui/inspector/inspector_style.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStandardItemModel>

namespace feedscope::ui {

namespace {

constexpr int kMostHistory = 50;

bool isWordChar(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('.') || c == QLatin1Char('_') || c == QLatin1Char('-');
}

} // namespace

FilterEdit::FilterEdit(QWidget *parent)
    : QLineEdit(parent)
    , m_completer(new QCompleter(this))
    , m_fields(new QStandardItemModel(this))
{
    setAccessibleName(QStringLiteral("Filter"));
    setPlaceholderText(QStringLiteral("Filter, such as  opcode == text and json.symbol == \"AAPL\"   ( / )"));
    setClearButtonEnabled(false);
    m_completer->setModel(m_fields);
    m_completer->setWidget(this);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setCompletionRole(Qt::UserRole);
    m_completer->setMaxVisibleItems(12);
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this,
        [this](const QModelIndex &index) { insertCompletion(index.data(Qt::UserRole).toString()); });
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_historyAt = -1;
        complete();
    });
}

void FilterEdit::setFields(const std::vector<std::pair<QString, QString>> &fields)
{
    m_fields->clear();
    for (const auto &[name, description] : fields) {
        auto *item = new QStandardItem(QStringLiteral("%1    %2").arg(name, description)); // the model owns it
        item->setData(name, Qt::UserRole);
        m_fields->appendRow(item);
    }
}

void FilterEdit::setError(int column, const QString &what)
{
    m_errorColumn = qMax(1, column);
    m_errorText = what;
    setToolTip(QStringLiteral("column %1: %2").arg(m_errorColumn).arg(what));
    update();
}

void FilterEdit::clearError()
{
    m_errorColumn = 0;
    m_errorText.clear();
    setToolTip({});
    update();
}

void FilterEdit::setNote(const QString &note, bool isError)
{
    if (m_note == note && m_noteIsError == isError)
        return;
    m_note = note;
    m_noteIsError = isError;
    setAccessibleDescription(note);
    updateMargins();
    update();
}

void FilterEdit::updateMargins()
{
    const int wanted = m_note.isEmpty() ? 0 : fontMetrics().horizontalAdvance(m_note) + 16;
    setTextMargins(4, 0, qMin(wanted, width() / 2), 0);
}

QRect FilterEdit::errorRect() const
{
    if (m_errorColumn == 0)
        return {};
    // The cursor's place says how far the text is scrolled; its rectangle is a little wider than the bar it draws.
    const auto advance = [&](qsizetype length) { return fontMetrics().horizontalAdvance(text().left(length)); };
    const int origin = cursorRect().center().x() - advance(cursorPosition());
    const qsizetype from = qMin<qsizetype>(m_errorColumn - 1, text().size());
    const int left = origin + advance(from);
    const int right = qMax(left + 8, origin + advance(text().size()));
    const int bottom = cursorRect().bottom();
    return QRect(QPoint(left, bottom - 3), QPoint(right, bottom)).intersected(rect().adjusted(4, 0, -4, 0));
}

void FilterEdit::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const Colors &colors = colorsFor(palette());
    if (m_errorColumn > 0) {
        const QRect area = errorRect();
        painter.setPen(QPen(colors.error, 1.4));
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath wave(QPointF(area.left(), area.bottom()));
        for (int x = area.left(), i = 0; x < area.right(); x += 3, ++i)
            wave.lineTo(x + 3, i % 2 ? area.bottom() : area.bottom() - 3);
        painter.drawPath(wave);
    }
    if (!m_note.isEmpty()) {
        const int width = textMargins().right() - 8;
        const QRect area(this->width() - width - 10, 0, width, height());
        painter.setPen(m_noteIsError ? colors.error : colors.muted);
        painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, fontMetrics().elidedText(m_note, Qt::ElideRight, width));
    }
}

void FilterEdit::resizeEvent(QResizeEvent *event)
{
    QLineEdit::resizeEvent(event);
    updateMargins();
}

int FilterEdit::wordStart() const
{
    int start = cursorPosition();
    while (start > 0 && isWordChar(text().at(start - 1)))
        --start;
    return start;
}

void FilterEdit::complete()
{
    const int start = wordStart();
    const QString word = text().mid(start, cursorPosition() - start);
    const auto quotes = text().left(start).count(QLatin1Char('"'));
    if (word.isEmpty() || quotes % 2 || word.at(0).isDigit()) {
        m_completer->popup()->hide();
        return;
    }
    m_completer->setCompletionPrefix(word);
    const bool done = m_completer->completionCount() == 1 && m_completer->currentCompletion() == word;
    if (m_completer->completionCount() == 0 || done) {
        m_completer->popup()->hide();
        return;
    }
    QRect at = cursorRect();
    at.setWidth(fontMetrics().averageCharWidth() * 64);
    m_completer->complete(at);
}

void FilterEdit::insertCompletion(const QString &field)
{
    const int start = wordStart();
    setSelection(start, cursorPosition() - start);
    insert(field);
    emit textEdited(text());
    m_completer->popup()->hide();
}

void FilterEdit::setHistory(const QStringList &history)
{
    m_history = history.mid(0, kMostHistory);
}

void FilterEdit::remember(const QString &text)
{
    if (text.trimmed().isEmpty())
        return;
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history = m_history.mid(0, kMostHistory);
}

bool FilterEdit::event(QEvent *event)
{
    // Esc in the field is the field's, whatever it is a shortcut for around it.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    const auto fromHistory = [&](int at) {
        if (m_historyAt < 0)
            m_typed = text();
        m_historyAt = at;
        setText(at < 0 ? m_typed : m_history.at(at));
        emit textEdited(text());
        m_historyAt = at; // editing through the signal starts a new walk
        m_completer->popup()->hide();
    };
    if (m_completer->popup()->isVisible()) {
        switch (event->key()) { // the completer asks here first; what is ignored is its own
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Tab:
        case Qt::Key_Escape:
            event->ignore();
            return;
        default:
            break;
        }
    }
    switch (event->key()) {
    case Qt::Key_Up:
        if (m_historyAt + 1 < m_history.size())
            fromHistory(m_historyAt + 1);
        return;
    case Qt::Key_Down:
        if (m_historyAt >= 0)
            fromHistory(m_historyAt - 1);
        else
            emit left();
        return;
    case Qt::Key_Escape:
        emit left();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        m_historyAt = -1;
        emit committed(text());
        return;
    case Qt::Key_Space:
        if (event->modifiers() & Qt::ControlModifier) {
            m_completer->setCompletionPrefix(text().mid(wordStart(), cursorPosition() - wordStart()));
            QRect at = cursorRect();
            at.setWidth(fontMetrics().averageCharWidth() * 64);
            m_completer->complete(at);
            return;
        }
        break;
    default:
        break;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace feedscope::ui
