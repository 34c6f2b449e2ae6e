// SPDX-License-Identifier: GPL-3.0-or-later
#include "layers/include_rules.h"

#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QMap>
#include <QRegularExpression>

namespace feedscope::layers {

namespace {

const QString kSockets = QStringLiteral("sockets");
const QString kThreads = QStringLiteral("threads"); // making them
const QString kLocks = QStringLiteral("locks"); // being used by several
const QString kClocks = QStringLiteral("clocks");

/// Headers that are not Qt's and not the language's: by how the path begins.
const QMap<QString, QString> &libraryPrefixes()
{
    static const QMap<QString, QString> prefixes{
        {QStringLiteral("asio"), QStringLiteral("asio")},
        {QStringLiteral("openssl/"), QStringLiteral("openssl")},
        {QStringLiteral("zlib.h"), QStringLiteral("zlib")},
        {QStringLiteral("rapidjson/"), QStringLiteral("rapidjson")},
        {QStringLiteral("tl/"), QStringLiteral("expected")},
        {QStringLiteral("sys/socket.h"), kSockets},
        {QStringLiteral("sys/un.h"), kSockets},
        {QStringLiteral("sys/epoll.h"), kSockets},
        {QStringLiteral("netinet/"), kSockets},
        {QStringLiteral("arpa/"), kSockets},
        {QStringLiteral("net/if"), kSockets},
        {QStringLiteral("netdb.h"), kSockets},
        {QStringLiteral("poll.h"), kSockets},
        {QStringLiteral("winsock"), kSockets},
        {QStringLiteral("sys/"), QStringLiteral("system")},
        {QStringLiteral("unistd.h"), QStringLiteral("system")},
        {QStringLiteral("fcntl.h"), QStringLiteral("system")},
        {QStringLiteral("signal.h"), QStringLiteral("system")},
        {QStringLiteral("csignal"), QStringLiteral("system")},
        {QStringLiteral("pthread.h"), kThreads},
        {QStringLiteral("thread"), kThreads},
        {QStringLiteral("stop_token"), kThreads},
        {QStringLiteral("future"), kThreads},
        {QStringLiteral("mutex"), kLocks},
        {QStringLiteral("shared_mutex"), kLocks},
        {QStringLiteral("condition_variable"), kLocks},
        {QStringLiteral("semaphore"), kLocks},
        {QStringLiteral("latch"), kLocks},
        {QStringLiteral("barrier"), kLocks},
        {QStringLiteral("chrono"), kClocks},
        {QStringLiteral("ctime"), kClocks},
        {QStringLiteral("time.h"), kClocks},
        {QStringLiteral("QThread"), kThreads},
        {QStringLiteral("QMutex"), kLocks},
        {QStringLiteral("QReadWriteLock"), kLocks},
        {QStringLiteral("QSemaphore"), kLocks},
        {QStringLiteral("QWaitCondition"), kLocks},
        {QStringLiteral("QtConcurrent"), kThreads},
        {QStringLiteral("QTimer"), kClocks},
        {QStringLiteral("QBasicTimer"), kClocks},
        {QStringLiteral("QElapsedTimer"), kClocks},
        {QStringLiteral("QDeadlineTimer"), kClocks},
    };
    return prefixes;
}

/// The library that a bracketed header belongs to; empty: the language's own, or Qt's.
QString libraryOf(const QString &path)
{
    QString name = path;
    if (name.startsWith(QLatin1String("QtCore/")))
        name = name.mid(7);
    QString best;
    QString library;
    for (auto it = libraryPrefixes().cbegin(); it != libraryPrefixes().cend(); ++it) {
        // "thread" is a whole name, "asio" and "openssl/" are beginnings.
        const bool whole = !it.key().contains(QLatin1Char('/')) && it.key() != QLatin1String("asio")
            && it.key() != QLatin1String("winsock") && it.key() != QLatin1String("QMutex")
            && it.key() != QLatin1String("QThread");
        const bool fits = whole ? name == it.key() : name.startsWith(it.key());
        if (fits && it.key().size() > best.size()) {
            best = it.key();
            library = it.value();
        }
    }
    return library;
}

/// The Qt modules that have a header of this name, found where Qt is installed: <QLabel> says nothing about QtWidgets
/// by itself.
QStringList qtModulesOf(const QString &path)
{
    if (path.startsWith(QLatin1String("Qt")) && path.contains(QLatin1Char('/')))
        return {path.section(QLatin1Char('/'), 0, 0)};
    if (!path.startsWith(QLatin1Char('Q')) && !path.startsWith(QLatin1Char('q')))
        return {};
    static const QDir headers(QLibraryInfo::path(QLibraryInfo::HeadersPath));
    static const QStringList modules = headers.entryList({QStringLiteral("Qt*")}, QDir::Dirs);
    QStringList found;
    for (const QString &module : modules) {
        if (QFileInfo::exists(headers.filePath(module + QLatin1Char('/') + path)))
            found << module;
    }
    return found;
}

QString folderOf(const QString &file)
{
    return file.section(QLatin1Char('/'), 0, -2);
}

} // namespace

const std::vector<Layer> &layerTable()
{
    using L = QStringList;
    static const L core{QStringLiteral("QtCore")};
    static const L gui{QStringLiteral("QtCore"), QStringLiteral("QtGui")};
    static const L widgets{
        QStringLiteral("QtCore"), QStringLiteral("QtGui"), QStringLiteral("QtWidgets"), QStringLiteral("QtCharts")};
    static const L network{QStringLiteral("QtCore"), QStringLiteral("QtNetwork")};
    static const auto words = [](const char *list) { return QString::fromLatin1(list).split(QLatin1Char(' ')); };
    static const L values = words("app/base app/wire app/series app/feed app/dissect app/capture");
    static const L screen = values + words("app/engine ui/models ui/widgets");
    static const std::vector<Layer> table{
        {QStringLiteral("app/base"), {}, core, words("expected clocks system")},
        {QStringLiteral("app/wire"), words("app/base"), core, words("zlib openssl")},
        {QStringLiteral("app/series"), words("app/base"), core, {}},
        {QStringLiteral("app/feed"), words("app/base app/series"), core, words("rapidjson system")},
        {QStringLiteral("app/dissect"), words("app/base app/series"), core, words("rapidjson")},
        {QStringLiteral("app/capture"), words("app/base app/wire app/dissect"), core,
            words("rapidjson expected locks system zlib")},
        {QStringLiteral("app/net"), words("app/base app/wire"), core,
            words("asio openssl sockets threads locks clocks system")},
        {QStringLiteral("app/engine"), words("app/base app/wire app/series app/feed app/dissect app/capture app/net"),
            network, words("rapidjson threads locks clocks system")},
        {QStringLiteral("app/cli"),
            words("app/base app/wire app/series app/feed app/dissect app/capture app/net app/engine"), network,
            words("rapidjson threads locks clocks system")},
        {QStringLiteral("ui/models"), values, gui, words("clocks")},
        {QStringLiteral("ui/widgets"), values, widgets, words("clocks")},
        {QStringLiteral("ui/dashboard"), screen, widgets, words("clocks")},
        {QStringLiteral("ui/inspector"), screen, widgets, words("clocks")},
        // Threads: the meter asks which one it is on; it starts none.
        {QStringLiteral("ui/shell"), screen + words("ui/dashboard ui/inspector"), widgets, words("clocks system threads")},
        // The one file that may know everything: it puts the parts together.
        {QStringLiteral("ui/main.cpp"), screen + words("app/net ui/dashboard ui/inspector ui/shell"),
            widgets + words("QtNetwork"), words("clocks system threads")},
    };
    return table;
}

std::vector<Include> includesIn(const QString &source)
{
    static const QRegularExpression directive(QStringLiteral(R"(^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"])"));
    std::vector<Include> found;
    int line = 0;
    for (const auto &text : source.split(QLatin1Char('\n'))) {
        ++line;
        const auto match = directive.match(text);
        if (match.hasMatch())
            found.push_back({match.captured(2), match.captured(1) == QLatin1String("\""), line});
    }
    return found;
}

const Layer *layerOf(const QString &file)
{
    const Layer *best = nullptr;
    for (const Layer &layer : layerTable()) {
        const bool fits = file == layer.folder || file.startsWith(layer.folder + QLatin1Char('/'));
        if (fits && (!best || layer.folder.size() > best->folder.size()))
            best = &layer;
    }
    return best;
}

std::optional<QString> complaint(const Layer &layer, const QString &file, const Include &include)
{
    const auto say = [&](const QString &what) {
        return QStringLiteral("%1:%2: <%3> %4").arg(file, QString::number(include.line), include.path, what);
    };

    if (include.quoted) {
        if (include.path.endsWith(QLatin1String(".moc")) || include.path.startsWith(QLatin1String("moc_")))
            return std::nullopt;
        // Written from the root of app/, or from the project's root for ui/, so that the layer is visible where it is
        // used.
        const bool ofUi = include.path.startsWith(QLatin1String("ui/"));
        const QString target = ofUi ? include.path : QStringLiteral("app/") + include.path;
        const Layer *other = layerOf(target);
        if (!other || include.path.contains(QLatin1String("..")))
            return say(QStringLiteral("names no layer: write it from the root (wire/frame.h, ui/widgets/colors.h)"));
        if (other == &layer || layer.mayInclude.contains(other->folder))
            return std::nullopt;
        return say(QStringLiteral("is %1, which %2 may not know").arg(folderOf(target), layer.folder));
    }

    if (const QString library = libraryOf(include.path); !library.isEmpty() && !layer.libraries.contains(library))
        return say(QStringLiteral("is %1, which %2 does without").arg(library, layer.folder));
    else if (!library.isEmpty())
        return std::nullopt;
    const QStringList modules = qtModulesOf(include.path);
    for (const QString &module : modules) {
        if (layer.qtModules.contains(module))
            return std::nullopt;
    }
    if (!modules.isEmpty())
        return say(QStringLiteral("is %1, which %2 does without").arg(modules.join(QLatin1Char('/')), layer.folder));
    // The language's own headers have neither a folder nor a suffix.
    if (include.path.contains(QLatin1Char('/')) || include.path.contains(QLatin1Char('.')))
        return say(QStringLiteral("is of a library that the table does not know"));
    return std::nullopt;
}

} // namespace feedscope::layers
