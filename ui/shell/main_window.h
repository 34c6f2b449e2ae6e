// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "ui/shell/theme.h"

#include <QMainWindow>

#include <memory>

class QSplitter;
class QStackedWidget;
class QTimer;

namespace feedscope::ui {

class AddressField;
class DashboardPage;
class FrameMeter;
class InspectorPage;
class NoticeBar;
class PageRail;
class SourcesPanel;
class StatusStrip;
class TopBar;

enum class Page : quint8 { Dashboard, Inspector };

/// The window: rail, Sources, address field, pages, status. It connects the pages to the engine and owns the display tick; what a page shows and how is the
/// page's own. GUI thread. The engine and the meter outlive it.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(engine::Engine &engine, FrameMeter &meter, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// What went wrong, each as a notice.
    void showProblems(const std::vector<base::Error> &problems);
    void showPage(Page page);
    void openCapture(const QString &path);
    /// Connects and shows it; what is wrong with the address becomes a notice. Returns the key, 0 if none.
    int connectTo(const QString &url);
    /// The connection to the window's own server, shown first.
    void connectToOwnServer();
    void setTheme(Theme theme);

    DashboardPage &dashboard() { return *m_dashboard; }
    const DashboardPage &dashboard() const { return *m_dashboard; }
    InspectorPage &inspector() { return *m_inspector; }
    /// Market ticks that the dashboard has taken in.
    quint64 ticks() const { return m_ticks; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void buildActions();
    void buildLayout();
    void connectPages();
    void restore();
    void showPortTaken();
    void displayTick();
    void slowTick();
    void followConnection(int key);
    void updateBanner(const engine::LinkStatus &link);
    void chooseFile();
    void exportChart(const QString &suggestedName);
    void showCapture(const QString &path);

    engine::Engine &m_engine;
    FrameMeter &m_meter;
    int m_current = 0; ///< key of the connection the dashboard shows
    quint64 m_ticks = 0;
    Theme m_theme = Theme::System;
    struct Rates {
        engine::TrafficMeter::Totals totals;
        qint64 monoNs = 0;
    } m_lastRates;
    std::vector<std::pair<QString, std::unique_ptr<capture::CaptureReader>>> m_opened; // outlive the inspector's use of them

    PageRail *m_rail = nullptr;
    TopBar *m_top = nullptr;
    AddressField *m_address = nullptr; // the top bar's
    NoticeBar *m_notice = nullptr;
    SourcesPanel *m_sources = nullptr;
    QSplitter *m_splitter = nullptr;
    QStackedWidget *m_pages = nullptr;
    DashboardPage *m_dashboard = nullptr;
    InspectorPage *m_inspector = nullptr;
    StatusStrip *m_status = nullptr;
    QTimer *m_displayTimer = nullptr;
    QTimer *m_slowTimer = nullptr;
};

} // namespace feedscope::ui
