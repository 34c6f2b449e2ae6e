// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector_page.h"

#include "ui/inspector/connection_list.h"
#include "ui/inspector/connection_panel.h"
#include "ui/inspector/filter_edit.h"
#include "ui/inspector/flat_tabs.h"
#include "ui/inspector/frame_copy.h"
#include "ui/inspector/frame_detail.h"
#include "ui/inspector/frame_table.h"
#include "ui/inspector/inspector_style.h"
#include "ui/inspector/timeline_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"

#include <QApplication>
#include <QClipboard>
#include <QDataStream>
#include <QHBoxLayout>
#include <QMenu>
#include <QResizeEvent>
#include <QShortcut>

namespace feedscope::ui {

namespace {

constexpr qint64 kScanBudgetNs = 4 * base::kNsPerMs; // of one display frame, for the list and the timeline
constexpr qint64 kHeartbeatBudgetNs = 1 * base::kNsPerMs;
constexpr qint64 kSlowTickNs = 100 * base::kNsPerMs; // timeline, connections, counts: nobody reads them faster
constexpr int kRoomForConnections = 1150; // page width from which the list of connections is shown
constexpr quint8 kStateVersion = 1;

} // namespace

InspectorPage::InspectorPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new FrameListModel([this](const FrameLine &line, FrameColumn column) { return cellText(line, column); }, this))
    , m_filter(new FilterEdit)
    , m_heartbeatsBox(new FlatCheck(QStringLiteral("heartbeats")))
    , m_followBox(new FlatCheck(QStringLiteral("follow")))
    , m_timeline(new TimelineStrip)
    , m_connectionSide(new QWidget)
    , m_connections(new ConnectionList)
    , m_table(new FrameTable(m_model))
    , m_detail(new FrameDetail)
    , m_connection(new ConnectionPanel(&m_heartbeats))
    , m_columns(new LineSplitter(Qt::Horizontal))
    , m_rows(new LineSplitter(Qt::Vertical))
    , m_lists(new LineSplitter(Qt::Horizontal))
{
    lay();
    connectParts();
    m_filter->setFields(capture::Filter::fields());
    m_timeline->setTimeline(&m_model->rows().timeline());
    setFocusProxy(m_table);
    QWidget *before = m_filter;
    for (QWidget *next : std::initializer_list<QWidget *>{m_heartbeatsBox, m_followBox, m_connections, m_table, m_detail->focusProxy()}) {
        setTabOrder(before, next);
        before = next;
    }
    updateNote();
}

InspectorPage::~InspectorPage() = default;

void InspectorPage::lay()
{
    setAutoFillBackground(true);
    auto *top = new QWidget;
    auto *bar = new QHBoxLayout(top);
    bar->setContentsMargins(8, 6, 8, 6);
    bar->setSpacing(12);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_heartbeatsBox);
    bar->addWidget(m_followBox);
    m_filter->setMinimumHeight(28);
    m_heartbeatsBox->setChecked(true);
    m_heartbeatsBox->setToolTip(QStringLiteral("Show pings and pongs (H)"));
    m_followBox->setChecked(true);
    m_followBox->setToolTip(QStringLiteral("Stay at the newest frame (End; Space to pause)"));

    auto *side = new QVBoxLayout(m_connectionSide);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(0);
    side->addWidget(new PanelTitle(QStringLiteral("Connections")));
    side->addWidget(m_connections, 1);
    m_connectionSide->setMinimumWidth(120);

    m_lists->addWidget(m_connectionSide);
    m_lists->addWidget(m_table);
    m_lists->setStretchFactor(0, 0);
    m_lists->setStretchFactor(1, 1);
    m_rows->addWidget(m_lists);
    m_rows->addWidget(m_detail);
    m_columns->addWidget(m_rows);
    m_columns->addWidget(m_connection);
    m_columns->setStretchFactor(0, 1);
    m_columns->setStretchFactor(1, 0);
    m_table->setMinimumHeight(120);
    m_detail->setMinimumHeight(120);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(top);
    layout->addWidget(new Line);
    layout->addWidget(m_timeline);
    layout->addWidget(new Line);
    layout->addWidget(m_columns, 1);
}

void InspectorPage::connectParts()
{
    connect(m_filter, &QLineEdit::textChanged, this, &InspectorPage::applyFilter);
    connect(m_filter, &FilterEdit::committed, this, [this](const QString &text) {
        if (m_hasError)
            return;
        m_filter->remember(text);
        m_table->setFocus();
    });
    connect(m_filter, &FilterEdit::left, this, [this] { m_table->setFocus(); });
    connect(m_heartbeatsBox, &QCheckBox::toggled, this, &InspectorPage::applyCriteria);
    connect(m_followBox, &QCheckBox::toggled, m_table, &FrameTable::setFollowing);
    connect(m_table, &FrameTable::followingChanged, m_followBox, &QCheckBox::setChecked);
    connect(m_table, &FrameTable::currentChanged, this, &InspectorPage::currentChanged);
    connect(m_table, &FrameTable::activated, this, [this] { m_detail->setFocus(); });
    connect(m_table, &FrameTable::escaped, this, &InspectorPage::escape);
    connect(m_table, &FrameTable::menuRequested, this, &InspectorPage::showMenu);
    connect(m_connections, &ConnectionList::selectionMade, this, [this] {
        applyCriteria();
        updateConnection();
    });
    connect(m_timeline, &TimelineStrip::brushChanged, this, &InspectorPage::applyCriteria);
    connect(m_timeline, &TimelineStrip::timePicked, this, &InspectorPage::pickTime);
    connect(m_detail, &FrameDetail::recordWanted, this, &InspectorPage::showRow);
    for (QSplitter *splitter : {m_columns, m_rows, m_lists})
        connect(splitter, &QSplitter::splitterMoved, this, [this] { m_userSized = true; });

    const auto shortcut = [this](const QKeySequence &keys, auto &&action) {
        auto *made = new QShortcut(keys, this);
        made->setContext(Qt::WidgetWithChildrenShortcut);
        connect(made, &QShortcut::activated, this, action);
    };
    shortcut(QKeySequence(Qt::Key_Slash), [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    shortcut(QKeySequence(Qt::Key_H), [this] { m_heartbeatsBox->toggle(); });
    shortcut(QKeySequence(Qt::Key_Escape), [this] { escape(); });
}

/// As frameCell(), and a ping shows the round trip that its pong has told.
QString InspectorPage::cellText(const FrameLine &line, FrameColumn column) const
{
    const QString text = frameCell(line, column);
    const capture::Record &record = line.record;
    const bool isHeartbeat = record.kind == capture::RecordKind::Frame
        && (record.header.opcode == wire::Opcode::Ping || record.header.opcode == wire::Opcode::Pong);
    if (column != FrameColumn::RttOrCode || !text.isEmpty() || !isHeartbeat)
        return text;
    const Heartbeats::Rtt *pair = m_heartbeats.pairOf(record.connection, record.row);
    return pair ? formatDuration(pair->ns) : text;
}

void InspectorPage::sizePanels()
{
    m_connectionSide->setVisible(width() >= kRoomForConnections || m_connections->selected() != 0);
    if (m_userSized)
        return;
    const int panel = qBound(204, width() * 20 / 100, 400);
    m_columns->setSizes({width() - panel, panel});
    const int side = qBound(168, width() * 13 / 100, 280);
    m_lists->setSizes({side, width() - panel - side});
    const int room = m_rows->height();
    const int detail = qBound(240, room * 46 / 100, 420);
    m_rows->setSizes({room - detail, detail});
}

void InspectorPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    sizePanels();
}

void InspectorPage::setReader(capture::CaptureReader *reader)
{
    m_reader = reader;
    m_timeline->clearBrush();
    m_heartbeats.setReader(reader);
    m_connections->setReader(reader);
    m_connection->setReader(reader);
    m_detail->setReader(reader);
    m_model->setReader(reader);
    m_table->readerChanged();
    applyCriteria();
    m_ticked = false;
    updateConnection();
}

void InspectorPage::displayTick(qint64 nowNs)
{
    if (!m_reader)
        return;
    m_reader->refresh();
    m_model->takeNew(kScanBudgetNs);
    m_heartbeats.step(kHeartbeatBudgetNs);
    m_table->displayTick();
    if (m_ticked && nowNs - m_slowTickNs < kSlowTickNs && nowNs >= m_slowTickNs)
        return;
    m_ticked = true;
    m_slowTickNs = nowNs;
    m_timeline->displayTick();
    m_connections->refresh();
    updateConnection();
    m_connection->refresh();
    updateNote();
}

void InspectorPage::setFilter(const QString &text)
{
    m_filter->setText(text);
}

QString InspectorPage::filter() const
{
    return m_filter->text();
}

void InspectorPage::applyFilter(const QString &text)
{
    m_hasError = false;
    if (text.trimmed().isEmpty()) {
        m_compiled.reset();
    } else if (auto filter = capture::Filter::compile(text)) {
        m_compiled = std::move(*filter);
    } else {
        // What was found by the filter before stays on the screen until there is a new one.
        m_hasError = true;
        m_filter->setError(filter.error().column, filter.error().what);
        updateNote();
        emit statusText(QStringLiteral("filter, column %1: %2").arg(filter.error().column).arg(filter.error().what));
        return;
    }
    m_filter->clearError();
    applyCriteria();
}

void InspectorPage::applyCriteria()
{
    RowCriteria criteria;
    criteria.filter = m_compiled;
    criteria.connection = m_connections->selected();
    criteria.hideHeartbeats = !m_heartbeatsBox->isChecked();
    criteria.monoRange = m_timeline->brush();
    m_model->setCriteria(std::move(criteria));
    m_model->takeNew(kScanBudgetNs); // a small capture is filtered at once
    m_table->displayTick();
    m_timeline->displayTick();
    updateNote();
}

void InspectorPage::updateNote()
{
    if (m_hasError) {
        m_filter->setNote(QStringLiteral("column %1: %2").arg(m_filter->errorColumn()).arg(m_filter->errorText()), true);
        return;
    }
    const FrameRows &rows = m_model->rows();
    const quint64 total = rows.total();
    QString note;
    if (rows.criteria().isEverything()) {
        note = QStringLiteral("%1 records").arg(formatCount(total));
    } else {
        note = QStringLiteral("%1 of %2 · ").arg(formatCount(rows.size()), formatCount(total));
        note += rows.isComplete() ? formatDuration(rows.scanNs())
                                  : QStringLiteral("searching, %1 %").arg(total ? rows.scanned() * 100 / total : 0);
    }
    if (m_reader && m_reader->droppedRecords() > 0)
        note += QStringLiteral(" · %1 dropped").arg(formatCount(m_reader->droppedRecords()));
    if (m_reader && m_reader->damagedBytes() > 0)
        note += QStringLiteral(" · %1 unreadable").arg(formatBytes(static_cast<double>(m_reader->damagedBytes())));
    m_filter->setNote(note, false);

    if (!m_reader || total == 0)
        m_table->setEmptyText(QStringLiteral("Every frame appears here as soon as there is a connection:\nstart the server, connect to a "
                                             "ws:// address, or open a capture."));
    else if (rows.isComplete())
        m_table->setEmptyText(QStringLiteral("Nothing matches.\n/ edits the filter, Esc lets go of the time range, H shows heartbeats."));
    else
        m_table->setEmptyText(QStringLiteral("Searching…"));
}

void InspectorPage::updateConnection()
{
    if (!m_reader) {
        m_connection->showConnection(0);
        return;
    }
    wire::ConnectionId id = m_connections->selected();
    if (const auto row = m_table->currentRecord(); row && *row < m_reader->size())
        id = m_reader->record(*row).connection;
    else if (id == 0 && m_reader->connections().size() == 1)
        id = m_reader->connections().front().id;
    m_connection->showConnection(id);
}

void InspectorPage::currentChanged(std::optional<quint64> row)
{
    m_detail->showRecord(row);
    updateConnection();
    const int index = m_table->currentRow();
    if (index >= 0)
        emit statusText(m_model->rowText(index));
}

void InspectorPage::selectConnection(wire::ConnectionId id)
{
    m_connections->refresh();
    m_connections->select(id);
    sizePanels();
}

void InspectorPage::showRow(quint64 row)
{
    if (!m_reader || row >= m_reader->size())
        return;
    m_model->takeNew(kScanBudgetNs);
    m_table->setCurrentRecord(row);
    if (m_model->rows().isComplete() && m_table->currentRow() < 0)
        emit statusText(QStringLiteral("The frame is shown below; the filter hides it from the list."));
}

void InspectorPage::pickTime(qint64 monoNs)
{
    // Rows are in the order of the wire, so their times only grow: the first one at or after that moment.
    const FrameRows &rows = m_model->rows();
    quint64 low = 0;
    quint64 high = static_cast<quint64>(m_model->rowCount());
    if (high == 0)
        return;
    while (low < high) {
        const quint64 middle = low + (high - low) / 2;
        if (m_reader->record(rows.recordRow(middle)).time.monoNs < monoNs)
            low = middle + 1;
        else
            high = middle;
    }
    m_table->setCurrentRow(static_cast<int>(qMin<quint64>(low, static_cast<quint64>(m_model->rowCount() - 1))));
}

void InspectorPage::setHeartbeatsShown(bool shown)
{
    m_heartbeatsBox->setChecked(shown);
}

bool InspectorPage::areHeartbeatsShown() const
{
    return m_heartbeatsBox->isChecked();
}

void InspectorPage::setFollowing(bool on)
{
    m_table->setFollowing(on);
}

void InspectorPage::escape()
{
    const QWidget *focused = QApplication::focusWidget();
    if (focused && (m_detail->isAncestorOf(focused) || m_connection->isAncestorOf(focused)))
        m_table->setFocus();
    else if (m_timeline->brush())
        m_timeline->clearBrush();
    else
        m_table->clearCurrent();
}

void InspectorPage::showMenu(quint64 row, QPoint at)
{
    const capture::Record record = m_reader->record(row);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QMenu *copy = menu->addMenu(QStringLiteral("Copy as"));
    const auto copyAs = [&](const QString &text, CopyFormat format) {
        connect(copy->addAction(text), &QAction::triggered, this,
            [this, row, format] { QApplication::clipboard()->setText(copyText(*m_reader, row, format)); });
    };
    copyAs(QStringLiteral("Text"), CopyFormat::Text);
    copyAs(QStringLiteral("Hex, as on the wire"), CopyFormat::Hex);
    if (record.kind == capture::RecordKind::Frame)
        copyAs(QStringLiteral("C array"), CopyFormat::CArray);
    copyAs(QStringLiteral("JSON record"), CopyFormat::Json);
    menu->addSeparator();
    const wire::ConnectionId id = record.connection;
    if (m_connections->selected() == 0)
        connect(menu->addAction(QStringLiteral("Only connection %1").arg(id)), &QAction::triggered, this,
            [this, id] { selectConnection(id); });
    else
        connect(menu->addAction(QStringLiteral("All connections")), &QAction::triggered, this, [this] { selectConnection(0); });
    if (record.kind == capture::RecordKind::Frame) {
        const QString opcode = QString::fromLatin1(wire::opcodeName(record.header.opcode));
        const auto filterBy = [this](const QString &term) {
            const QString old = m_hasError ? QString() : filter().trimmed();
            setFilter(old.isEmpty() ? term : QStringLiteral("(%1) and %2").arg(old, term));
        };
        connect(menu->addAction(QStringLiteral("Only %1 frames").arg(opcode)), &QAction::triggered, this,
            [filterBy, opcode] { filterBy(QStringLiteral("opcode == %1").arg(opcode)); });
        connect(menu->addAction(QStringLiteral("Without %1 frames").arg(opcode)), &QAction::triggered, this,
            [filterBy, opcode] { filterBy(QStringLiteral("opcode != %1").arg(opcode)); });
    }
    if (const Heartbeats::Rtt *pair = m_heartbeats.pairOf(id, row)) {
        const bool isPing = pair->pingRow == row;
        const quint64 other = isPing ? pair->pongRow : pair->pingRow;
        connect(menu->addAction(isPing ? QStringLiteral("Go to its pong") : QStringLiteral("Go to its ping")), &QAction::triggered, this,
            [this, other] { showRow(other); });
    }
    menu->addSeparator();
    const qint64 wallNs = record.time.wallNs;
    connect(menu->addAction(QStringLiteral("Show on the chart")), &QAction::triggered, this,
        [this, id, wallNs] { emit pointWanted(id, wallNs); });
    menu->popup(at);
}

QByteArray InspectorPage::saveState() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out << kStateVersion << m_table->saveState() << m_userSized << m_columns->saveState() << m_rows->saveState()
        << m_lists->saveState() << m_heartbeatsBox->isChecked() << m_filter->history() << filter()
        << static_cast<quint8>(m_detail->tab());
    return state;
}

void InspectorPage::restoreState(const QByteArray &state)
{
    QDataStream in(state);
    quint8 version = 0;
    QByteArray table;
    bool userSized = false;
    QByteArray columns;
    QByteArray rows;
    QByteArray lists;
    bool heartbeats = true;
    QStringList history;
    QString text;
    quint8 tab = 0;
    in >> version >> table >> userSized >> columns >> rows >> lists >> heartbeats >> history >> text >> tab;
    if (in.status() != QDataStream::Ok || version != kStateVersion || tab > static_cast<quint8>(FrameDetail::Tab::Violations))
        return; // of another version, or damaged: the page stays as it is
    m_table->restoreState(table);
    m_userSized = userSized;
    if (userSized) {
        m_columns->restoreState(columns);
        m_rows->restoreState(rows);
        m_lists->restoreState(lists);
    }
    m_heartbeatsBox->setChecked(heartbeats);
    m_filter->setHistory(history);
    m_detail->setTab(static_cast<FrameDetail::Tab>(tab));
    setFilter(text);
}

} // namespace feedscope::ui
