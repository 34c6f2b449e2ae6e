// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dashboard/chart_tools.h"

#include "ui/dashboard/tool_chip.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QResizeEvent>

namespace feedscope::ui {

ChartTools::ChartTools(QWidget *parent)
    : QWidget(parent)
    , m_candles(new ToolChip(QStringLiteral("Candles"), ToolChip::Sign::Candles))
    , m_line(new ToolChip(QStringLiteral("Line"), ToolChip::Sign::Line))
    , m_crosshair(new ToolChip(QStringLiteral("Crosshair"), ToolChip::Sign::Crosshair))
    , m_pause(new ToolChip(QStringLiteral("Pause view"), ToolChip::Sign::Pause))
    , m_live(new ToolChip(QStringLiteral("Go live"), ToolChip::Sign::Live))
    , m_export(new ToolChip(QStringLiteral("Export PNG"), ToolChip::Sign::Export))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(4, 0, 4, 4);
    row->setSpacing(2);
    auto *intervals = new QButtonGroup(this);
    for (size_t i = 0; i < kIntervals.size(); ++i) {
        const QString name = QLatin1String(kIntervals[i].name);
        auto *chip = new ToolChip(name);
        chip->setObjectName(QStringLiteral("interval.") + name);
        chip->setAccessibleName(QStringLiteral("Interval ") + name);
        chip->setToolTip(QStringLiteral("One candle is %1").arg(name));
        chip->setCheckable(true);
        intervals->addButton(chip, static_cast<int>(i));
        row->addWidget(chip);
        m_intervals[i] = chip;
    }
    connect(intervals, &QButtonGroup::idClicked, this, &ChartTools::intervalChosen);
    row->addSpacing(10);

    auto *styles = new QButtonGroup(this);
    for (ToolChip *chip : {m_candles, m_line}) {
        chip->setCheckable(true);
        styles->addButton(chip);
        row->addWidget(chip);
    }
    m_candles->setObjectName(QStringLiteral("styleCandles"));
    m_line->setObjectName(QStringLiteral("styleLine"));
    m_candles->setToolTip(QStringLiteral("Candles with volume"));
    m_line->setToolTip(QStringLiteral("A line of the closes"));
    connect(styles, &QButtonGroup::buttonClicked, this, [this](QAbstractButton *button) { emit candlesChosen(button == m_candles); });
    row->addSpacing(10);

    m_crosshair->setObjectName(QStringLiteral("crosshair"));
    m_crosshair->setCheckable(true);
    m_crosshair->setToolTip(QStringLiteral("Crosshair: time and value under the mouse"));
    connect(m_crosshair, &ToolChip::toggled, this, &ChartTools::crosshairToggled);
    row->addWidget(m_crosshair);
    row->addStretch(1);

    m_pause->setObjectName(QStringLiteral("pauseView"));
    m_pause->setCheckable(true);
    m_pause->setToolTip(QStringLiteral("Pause view (Space): the chart stands still, intake goes on"));
    // Its state is the chart's, not the click's.
    connect(m_pause, &ToolChip::clicked, this, [this](bool checked) {
        if (checked)
            emit pauseRequested();
        else
            emit liveRequested();
    });
    m_live->setObjectName(QStringLiteral("goLive"));
    m_live->setToolTip(QStringLiteral("Go live (End): follow the newest value"));
    connect(m_live, &ToolChip::clicked, this, &ChartTools::liveRequested);
    m_export->setObjectName(QStringLiteral("exportPng"));
    m_export->setToolTip(QStringLiteral("Export the chart as a picture (Ctrl+S)"));
    connect(m_export, &ToolChip::clicked, this, &ChartTools::exportRequested);
    for (ToolChip *chip : {m_pause, m_live, m_export})
        row->addWidget(chip);
    setFollowing(true);
    setInterval(0);
    setCandles(true);
}

void ChartTools::setInterval(int index)
{
    m_intervals[static_cast<size_t>(index)]->setChecked(true);
}

void ChartTools::setCandles(bool candles)
{
    (candles ? m_candles : m_line)->setChecked(true);
}

void ChartTools::setCrosshair(bool on)
{
    m_crosshair->setChecked(on);
}

void ChartTools::setFollowing(bool following)
{
    m_pause->setChecked(!following);
    m_live->setEnabled(!following);
}

void ChartTools::setCandlesAvailable(bool available)
{
    for (ToolChip *chip : m_intervals)
        chip->setEnabled(available);
    m_candles->setEnabled(available);
    m_line->setEnabled(available);
}

void ChartTools::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    int full = 48;
    for (ToolChip *chip : m_intervals)
        full += chip->sizeHint().width() + 2;
    const std::array signs{m_candles, m_line, m_crosshair, m_pause, m_live, m_export};
    // The words go in this order as it gets narrower: what has a key or is self-explanatory first.
    const std::array order{m_crosshair, m_export, m_candles, m_line, m_live, m_pause};
    int needed = full;
    for (ToolChip *chip : signs) {
        chip->setCompact(false);
        needed += chip->sizeHint().width() + 2;
    }
    for (ToolChip *chip : order) {
        if (needed <= width())
            break;
        const int wide = chip->sizeHint().width();
        chip->setCompact(true);
        needed -= wide - chip->sizeHint().width();
    }
}

} // namespace feedscope::ui
