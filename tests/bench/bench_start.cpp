// SPDX-License-Identifier: GPL-3.0-or-later

// From starting the program to the first candle on its screen: the program itself says when that was, this says when it was started. Prints
// `name value unit` lines; exits 3 where the floor is missed.

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

constexpr int kStarts = 5;
constexpr double kWarmStartMs = 1500; // the floor

double nowSeconds()
{
    using namespace std::chrono;
    return duration<double>(system_clock::now().time_since_epoch()).count();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTemporaryDir folder;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
        environment.insert(QString::fromLatin1(name), folder.path());

    std::vector<double> times;
    for (int start = 0; start < kStarts; ++start) {
        const QString stats = folder.filePath(QStringLiteral("stats.json"));
        QFile::remove(stats);
        QProcess program;
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        const double began = nowSeconds();
        program.start(QStringLiteral(FEEDSCOPE_PROGRAM),
            {QStringLiteral("--serve"), QStringLiteral("0"), QStringLiteral("--exit-after"), QStringLiteral("4"), QStringLiteral("--stats"), stats});
        if (!program.waitForFinished(60'000) || program.exitCode() != 0) {
            std::fprintf(stderr, "feedscope did not end well: %s\n", qPrintable(program.errorString()));
            return 1;
        }
        QFile file(stats);
        if (!file.open(QIODevice::ReadOnly))
            return 1;
        const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
        const double seen = object.value(QStringLiteral("first_candle_time")).toDouble();
        if (seen <= 0) {
            std::fprintf(stderr, "no candle within 4 s\n");
            return 3;
        }
        times.push_back((seen - began) * 1000);
    }
    std::printf("%-34s %12.1f ms\n", "first_start_to_candle", times.front());
    times.erase(times.begin()); // that one may have been cold
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    std::printf("%-34s %12.1f ms\n", "warm_start_to_candle", median);
    return median <= kWarmStartMs ? 0 : 3;
}
