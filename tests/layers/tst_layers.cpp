// SPDX-License-Identifier: GPL-3.0-or-later
#include "layers/include_rules.h"

#include <QDirIterator>
#include <QTest>

using namespace feedscope::layers;

/// Holds every #include line against the layering table, for what the <layer>_closed links cannot see: header-only use,
/// and Qt modules that happen to be findable. Upward calls are theirs.
class tst_Layers : public QObject {
    Q_OBJECT

private slots:
    void everyFileKeepsToItsLayer_data();
    void everyFileKeepsToItsLayer();
    void everyFileNamesItsLicence_data();
    void everyFileNamesItsLicence();
    void everyLayerOfTheTableHasFiles_data();
    void everyLayerOfTheTableHasFiles();
    void includesAreRead_data();
    void includesAreRead();
    void badIncludesAreFlagged_data();
    void badIncludesAreFlagged();

private:
    static QStringList filesUnder(const QStringList &folders);
    static QString contentsOf(const QString &file);
};

namespace {

const QString kRoot = QStringLiteral(FEEDSCOPE_SOURCE_DIR);

} // namespace

QStringList tst_Layers::filesUnder(const QStringList &folders)
{
    QStringList found;
    for (const QString &folder : folders) {
        QDirIterator files(kRoot + QLatin1Char('/') + folder, {QStringLiteral("*.h"), QStringLiteral("*.cpp")},
            QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            found << QDir(kRoot).relativeFilePath(files.next());
    }
    found.sort();
    return found;
}

QString tst_Layers::contentsOf(const QString &file)
{
    QFile source(kRoot + QLatin1Char('/') + file);
    return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.readAll()) : QString();
}

void tst_Layers::everyFileKeepsToItsLayer_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : filesUnder({QStringLiteral("app"), QStringLiteral("ui")}))
        QTest::newRow(qPrintable(file)) << file;
}

void tst_Layers::everyFileKeepsToItsLayer()
{
    QFETCH(QString, file);
    const Layer *layer = layerOf(file);
    QVERIFY2(layer, "no row of the table speaks of this folder");
    QStringList complaints;
    for (const Include &include : includesIn(contentsOf(file))) {
        if (const auto wrong = complaint(*layer, file, include))
            complaints << *wrong;
    }
    QVERIFY2(complaints.isEmpty(), qPrintable(QLatin1Char('\n') + complaints.join(QLatin1Char('\n'))));
}

void tst_Layers::everyFileNamesItsLicence_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : filesUnder({QStringLiteral("app"), QStringLiteral("ui"), QStringLiteral("tests")}))
        QTest::newRow(qPrintable(file)) << file;
}

void tst_Layers::everyFileNamesItsLicence()
{
    QFETCH(QString, file);
    const QString text = contentsOf(file);
    QCOMPARE(text.section(QLatin1Char('\n'), 0, 0), QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later"));
    if (file.endsWith(QLatin1String(".h")))
        QCOMPARE(text.section(QLatin1Char('\n'), 1, 1), QStringLiteral("#pragma once"));
}

void tst_Layers::everyLayerOfTheTableHasFiles_data()
{
    QTest::addColumn<QString>("folder");
    for (const Layer &layer : layerTable())
        QTest::newRow(qPrintable(layer.folder)) << layer.folder;
}

void tst_Layers::everyLayerOfTheTableHasFiles()
{
    QFETCH(QString, folder);
    const bool isFile = folder.endsWith(QLatin1String(".cpp"));
    QVERIFY2(isFile ? QFile::exists(kRoot + QLatin1Char('/') + folder) : !filesUnder({folder}).isEmpty(),
        "the table names a folder that is not there");
}

void tst_Layers::includesAreRead_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("quoted");
    QTest::newRow("quoted") << QStringLiteral("#include \"wire/frame.h\"") << QStringLiteral("wire/frame.h") << true;
    QTest::newRow("in brackets") << QStringLiteral("#include <vector>") << QStringLiteral("vector") << false;
    QTest::newRow("with spaces") << QStringLiteral("  #  include   <vector> // why") << QStringLiteral("vector")
                                 << false;
    QTest::newRow("commented out") << QStringLiteral("// #include <vector>") << QString() << false;
    QTest::newRow("in a string") << QStringLiteral("auto s = \"#include <vector>\";") << QString() << false;
}

void tst_Layers::includesAreRead()
{
    QFETCH(QString, line);
    QFETCH(QString, path);
    QFETCH(bool, quoted);
    const auto includes = includesIn(QStringLiteral("// first line\n") + line + QLatin1Char('\n'));
    QCOMPARE(includes.size(), path.isEmpty() ? 0u : 1u);
    if (path.isEmpty())
        return;
    QCOMPARE(includes.front().path, path);
    QCOMPARE(includes.front().quoted, quoted);
    QCOMPARE(includes.front().line, 2);
}

void tst_Layers::badIncludesAreFlagged_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("quoted");
    QTest::addColumn<bool>("flagged");
    const auto row = [](const char *name, const char *file, const char *path, bool quoted, bool flagged) {
        QTest::newRow(name) << QString::fromLatin1(file) << QString::fromLatin1(path) << quoted << flagged;
    };
    row("downward is fine", "app/wire/x.cpp", "base/bytes.h", true, false);
    row("own layer is fine", "app/wire/x.cpp", "wire/frame.h", true, false);
    row("the language is fine", "app/wire/x.cpp", "span", false, false);
    row("Qt values are fine", "app/wire/x.cpp", "QByteArray", false, false);
    row("a module by name is fine where it may be used", "ui/widgets/x.cpp", "QtCharts/QChartView", false, false);
    row("asio in net is fine", "app/net/x.cpp", "asio/ip/tcp.hpp", false, false);
    row("a lock in capture is fine", "app/capture/x.cpp", "mutex", false, false);
    row("the shell includes screens", "ui/shell/x.cpp", "ui/inspector/inspector_page.h", true, false);

    row("upward", "app/wire/x.cpp", "capture/record.h", true, true);
    row("upward into the ui", "app/engine/x.cpp", "ui/widgets/colors.h", true, true);
    row("net does not know capture", "app/net/x.cpp", "capture/record.h", true, true);
    row("feed does not know WebSocket", "app/feed/x.cpp", "wire/frame.h", true, true);
    row("a widget in app", "app/capture/x.cpp", "QLabel", false, true);
    row("a widget by module, which compiles", "app/capture/x.cpp", "QtWidgets/QLabel", false, true);
    row("a color in app", "app/series/x.cpp", "QColor", false, true);
    row("a widget in a model", "ui/models/x.cpp", "QTableView", false, true);
    row("our own widgets in a model", "ui/models/x.cpp", "ui/widgets/colors.h", true, true);
    row("asio outside net", "app/engine/x.cpp", "asio.hpp", false, true);
    row("a socket outside net", "app/engine/x.cpp", "sys/socket.h", false, true);
    row("a Qt socket in net", "app/net/x.cpp", "QTcpSocket", false, true);
    row("a thread in wire", "app/wire/x.cpp", "thread", false, true);
    row("a mutex in series", "app/series/x.cpp", "QMutex", false, true);
    row("a mutex by module", "app/series/x.cpp", "QtCore/QMutexLocker", false, true);
    row("a thread in capture, which lives on its caller's", "app/capture/x.cpp", "thread", false, true);
    row("a clock in wire", "app/wire/x.cpp", "chrono", false, true);
    row("a timer in wire", "app/wire/x.cpp", "QTimer", false, true);
    row("a thread in a screen", "ui/dashboard/x.cpp", "QThread", false, true);
    row("a screen in a screen", "ui/dashboard/x.cpp", "ui/inspector/inspector_page.h", true, true);
    row("the engine in a small widget", "ui/widgets/x.cpp", "engine/engine.h", true, true);
    row("sockets in a screen", "ui/inspector/x.cpp", "net/server.h", true, true);
    row("Qt WebSockets is a witness only", "app/net/x.cpp", "QtWebSockets/QWebSocket", false, true);
    row("a library nobody decided on", "app/net/x.cpp", "boost/asio.hpp", false, true);
    row("not from the root", "app/wire/x.cpp", "frame.h", true, true);
    row("around the root", "app/wire/x.cpp", "wire/../capture/record.h", true, true);
}

void tst_Layers::badIncludesAreFlagged()
{
    QFETCH(QString, file);
    QFETCH(QString, path);
    QFETCH(bool, quoted);
    QFETCH(bool, flagged);
    const Layer *layer = layerOf(file);
    QVERIFY(layer);
    const auto wrong = complaint(*layer, file, {path, quoted, 1});
    QVERIFY2(wrong.has_value() == flagged, qPrintable(wrong.value_or(QStringLiteral("not flagged"))));
}

QTEST_APPLESS_MAIN(tst_Layers)
#include "tst_layers.moc"
