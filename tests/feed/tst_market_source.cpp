// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed/market_source.h"

#include "feed/market_symbols.h"
#include "recorder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QTest>

#include <cmath>

using namespace feedscope;
using namespace feedscope::feed;

namespace {

constexpr qint64 kSecond = base::kNsPerSecond;
constexpr qint64 kStart = 1'700'000'000 * kSecond + 345'678'901; // 22:13:20 UTC and a bit

MarketSource::Config small()
{
    return {.seed = 5, .symbols = 6, .eventsPerSecond = 60, .startNs = kStart};
}

QJsonObject json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

double autocorrelation(const std::vector<double> &values)
{
    double mean = 0;
    for (const double value : values)
        mean += value / static_cast<double>(values.size());
    double variance = 0;
    double covariance = 0;
    for (size_t i = 1; i < values.size(); ++i) {
        variance += (values[i] - mean) * (values[i] - mean);
        covariance += (values[i] - mean) * (values[i - 1] - mean);
    }
    return covariance / variance;
}

struct Row {
    qint64 start;
    double open, high, low, close;
    qint64 volume;
};

std::vector<Row> rows(const QByteArray &snapshot)
{
    std::vector<Row> result;
    for (const QJsonValue &value : json(snapshot).value(QLatin1String("candles")).toArray()) {
        const QJsonArray a = value.toArray();
        result.push_back({a[0].toInteger(), a[1].toDouble(), a[2].toDouble(), a[3].toDouble(), a[4].toDouble(), a[5].toInteger()});
    }
    return result;
}

} // namespace

class TestMarketSource : public QObject {
    Q_OBJECT
private slots:
    void sameSeedAndTimesPublishTheSameBytes();
    void theSizeOfStepsMakesNoDifference();
    void anotherSeedIsAnotherMarket();
    void whatIsNotWantedChangesNothingElse();
    void fiftySymbolsWithTopicsOfTheirOwn();
    void eventsHaveTheMembersOfTheContract();
    void tradesAreAtTheQuoteAndSpreadsArePositive();
    void volatilityClusters();
    void someSymbolsAreBusyAndSomeQuiet();
    void activityIsUShapedOverTheDay();
    void volumesHaveAHeavyTail();
    void booksFollowFromTheirDeltas();
    void candlesArePublishedAtMostFourTimesASecond();
    void thePastEndsWhereThePresentBegins();
    void theVolumeOfThePastLastsToItsEnd();
    void coarseCandlesAreTheSumOfFineOnes();
    void theSessionBeginsAtMidnight();
    void aLongPauseIsJumpedOver();
    void advanceIsBoundedAndCatchesUp();
    void oddConfigurationsAreMadeUsable();
};

void TestMarketSource::sameSeedAndTimesPublishTheSameBytes()
{
    PublicationRecorder a;
    PublicationRecorder b;
    MarketSource first(small());
    MarketSource second(small());
    first.advance(kStart + 10 * kSecond, a);
    second.advance(kStart + 10 * kSecond, b);
    QVERIFY(a.all.size() > 500);
    QVERIFY(a.all == b.all);
    for (const QByteArray &topic : first.topics())
        QCOMPARE(first.snapshot(topic), second.snapshot(topic));
}

void TestMarketSource::theSizeOfStepsMakesNoDifference()
{
    PublicationRecorder whole;
    MarketSource reference(small());
    reference.advance(kStart + 12 * kSecond, whole);
    for (const qint64 step : {7 * base::kNsPerMs, 333 * base::kNsPerMs, 5 * kSecond}) {
        PublicationRecorder parts;
        MarketSource source(small());
        for (qint64 at = kStart; at < kStart + 12 * kSecond; at += step)
            source.advance(at, parts);
        source.advance(kStart + 12 * kSecond, parts);
        QVERIFY(whole.all == parts.all);
    }
    // As the hub does it: from due time to due time.
    PublicationRecorder due;
    MarketSource source(small());
    while (source.nextDueNs() <= kStart + 12 * kSecond)
        source.advance(source.nextDueNs(), due);
    QVERIFY(whole.all == due.all);
}

void TestMarketSource::anotherSeedIsAnotherMarket()
{
    MarketSource::Config other = small();
    other.seed = 6;
    PublicationRecorder a;
    PublicationRecorder b;
    MarketSource(small()).advance(kStart + kSecond, a);
    MarketSource(other).advance(kStart + kSecond, b);
    QVERIFY(a.all != b.all);
}

void TestMarketSource::whatIsNotWantedChangesNothingElse()
{
    PublicationRecorder all;
    PublicationRecorder few;
    few.prefix = "market.";
    MarketSource a(small());
    MarketSource b(small());
    a.advance(kStart + 5 * kSecond, all);
    b.advance(kStart + 5 * kSecond, few);
    std::erase_if(all.all, [](const auto &p) { return !p.topic.startsWith("market."); });
    QVERIFY(!few.all.empty());
    QVERIFY(all.all == few.all);
    QCOMPARE(a.snapshot("book.AAPL"), b.snapshot("book.AAPL"));
    QCOMPARE(a.snapshot("candle.AAPL.1m"), b.snapshot("candle.AAPL.1m"));
}

void TestMarketSource::fiftySymbolsWithTopicsOfTheirOwn()
{
    MarketSource source({.startNs = kStart});
    QCOMPARE(source.symbols().size(), size_t(50));
    const auto topics = source.topics();
    QCOMPARE(topics.size(), size_t(50 * 7));
    QCOMPARE(QSet<QByteArray>(topics.begin(), topics.end()).size(), 350);
    int fourDecimals = 0;
    for (const MarketSymbol &symbol : marketSymbols(1, 50))
        fourDecimals += symbol.decimals == 4 ? 1 : 0;
    QVERIFY(fourDecimals >= 2 && fourDecimals < 10);
    QSet<QByteArray> names;
    for (const MarketSymbol &symbol : marketSymbols(1, 2000)) {
        names.insert(symbol.symbol);
        QVERIFY(symbol.price > 1 && symbol.price <= 2500);
    }
    QCOMPARE(names.size(), 2000);
    QVERIFY(!source.snapshot("market.NONE"));
}

void TestMarketSource::eventsHaveTheMembersOfTheContract()
{
    PublicationRecorder out;
    MarketSource source(small());
    source.advance(kStart + 3 * kSecond, out);
    const auto firstOf = [&](const char *topic) {
        for (const auto &p : out.all) {
            if (p.topic == topic)
                return p.data;
        }
        return QByteArray();
    };
    const QByteArray trade = firstOf("market.AAPL");
    qsizetype at = -1;
    for (const char *name : {"symbol", "price", "size", "side", "bid", "ask", "change", "change_percent", "volume"}) {
        const qsizetype next = trade.indexOf('"' + QByteArray(name) + "\":");
        QVERIFY2(next > at, name);
        at = next;
    }
    QCOMPARE(json(trade).size(), 9);
    QCOMPARE(json(trade)[QLatin1String("symbol")].toString(), QStringLiteral("AAPL"));
    QCOMPARE(json(firstOf("candle.AAPL.1s")).keys(), (QStringList{QStringLiteral("close"), QStringLiteral("high"), QStringLiteral("interval"),
        QStringLiteral("low"), QStringLiteral("open"), QStringLiteral("start"), QStringLiteral("symbol"), QStringLiteral("volume")}));
    QCOMPARE(json(firstOf("book.AAPL")).keys(),
        (QStringList{QStringLiteral("asks"), QStringLiteral("bids"), QStringLiteral("checksum"), QStringLiteral("symbol")}));
    const QJsonObject snapshot = json(*source.snapshot("market.AAPL"));
    QCOMPARE(snapshot[QLatin1String("name")].toString(), QStringLiteral("Aspen Apparatus"));
    QCOMPARE(snapshot[QLatin1String("decimals")].toInt(), 2);
    QVERIFY(snapshot[QLatin1String("open")].toDouble() > 0);
    QCOMPARE(snapshot[QLatin1String("sparkline")].toArray().size(), 60);
    qint64 previous = 0;
    for (const auto &p : out.all) {
        QVERIFY(p.timeNs >= previous && p.timeNs > kStart && p.timeNs <= kStart + 3 * kSecond);
        previous = p.timeNs;
        QVERIFY2(!json(p.data).isEmpty(), p.data.constData());
    }
}

void TestMarketSource::tradesAreAtTheQuoteAndSpreadsArePositive()
{
    PublicationRecorder out;
    out.prefix = "market.";
    MarketSource source({.seed = 2, .eventsPerSecond = 400, .startNs = kStart});
    source.advance(kStart + 25 * kSecond, out);
    QVERIFY(out.all.size() > 5000);
    QHash<QString, qint64> volumes;
    int bought = 0;
    for (const auto &p : out.all) {
        const QJsonObject o = json(p.data);
        const double price = o[QLatin1String("price")].toDouble();
        const double bid = o[QLatin1String("bid")].toDouble();
        const double ask = o[QLatin1String("ask")].toDouble();
        QVERIFY(bid > 0 && ask > bid);
        QVERIFY(ask - bid < 0.03 * bid);
        QVERIFY(price >= bid && price <= ask);
        QVERIFY(o[QLatin1String("size")].toInteger() > 0);
        bought += o[QLatin1String("side")].toString() == QLatin1String("buy") ? 1 : 0;
        // The session's volume grows by exactly what is traded.
        qint64 &volume = volumes[o[QLatin1String("symbol")].toString()];
        const qint64 now = o[QLatin1String("volume")].toInteger();
        if (volume > 0)
            QCOMPARE(now, volume + o[QLatin1String("size")].toInteger());
        volume = now;
    }
    QVERIFY(std::abs(static_cast<double>(bought) / static_cast<double>(out.all.size()) - 0.5) < 0.08);
}

void TestMarketSource::volatilityClusters()
{
    // Mid prices of one symbol every second over an hour and a half.
    MarketSource source({.seed = 11, .symbols = 1, .eventsPerSecond = 20, .startNs = kStart - 7200 * kSecond});
    PublicationRecorder out;
    out.prefix = "market.";
    for (int i = 1; i <= 540; ++i)
        source.advance(kStart + (i * 10 - 7200) * kSecond, out);
    std::vector<double> returns;
    std::vector<double> squares;
    double last = 0;
    qint64 second = 0;
    for (const auto &p : out.all) {
        if (p.timeNs / kSecond == second)
            continue;
        second = p.timeNs / kSecond;
        const QJsonObject o = json(p.data);
        const double mid = (o[QLatin1String("bid")].toDouble() + o[QLatin1String("ask")].toDouble()) / 2;
        if (last > 0)
            returns.push_back(mid / last - 1);
        last = mid;
    }
    QVERIFY(returns.size() > 5000);
    for (const double value : returns)
        squares.push_back(value * value);
    const double plain = autocorrelation(returns);
    const double squared = autocorrelation(squares);
    qInfo("autocorrelation of returns %.3f, of their squares %.3f", plain, squared);
    QVERIFY(std::abs(plain) < 0.08);
    QVERIFY(squared > 0.1);
    QVERIFY(squared > plain + 0.1);
}

void TestMarketSource::someSymbolsAreBusyAndSomeQuiet()
{
    PublicationRecorder out;
    out.prefix = "market.";
    // A time of day at which activity is about its mean.
    const qint64 start = 1'700'006'400 * kSecond - 86'400 * kSecond + 18'236 * kSecond;
    MarketSource source({.seed = 3, .eventsPerSecond = 500, .startNs = start});
    source.advance(start + 29 * kSecond, out);
    QMap<QByteArray, int> counts;
    for (const auto &p : out.all)
        ++counts[p.topic];
    QCOMPARE(counts.size(), 50);
    QVERIFY(counts["market.AAPL"] > 8 * counts["market.BLK"]);
    const double rate = static_cast<double>(out.all.size()) / 29;
    QVERIFY2(std::abs(rate - 500) < 25, QByteArray::number(rate));
}

void TestMarketSource::activityIsUShapedOverTheDay()
{
    const qint64 midnight = 1'700'006'400 * kSecond;
    const auto eventsAt = [](qint64 start) {
        PublicationRecorder out;
        out.prefix = "market.";
        MarketSource source({.seed = 4, .symbols = 5, .eventsPerSecond = 300, .startNs = start});
        source.advance(start + 10 * kSecond, out);
        return static_cast<double>(out.all.size());
    };
    const double opening = eventsAt(midnight);
    const double noon = eventsAt(midnight + 12 * 3600 * kSecond);
    const double closing = eventsAt(midnight + 86'380 * kSecond);
    QVERIFY(opening > 1.7 * noon);
    QVERIFY(closing > 1.7 * noon);
}

void TestMarketSource::volumesHaveAHeavyTail()
{
    PublicationRecorder out;
    out.prefix = "market.";
    MarketSource source({.seed = 8, .symbols = 3, .eventsPerSecond = 1000, .startNs = kStart});
    source.advance(kStart + 20 * kSecond, out);
    qint64 sum = 0;
    qint64 largest = 0;
    size_t roundLots = 0;
    for (const auto &p : out.all) {
        const qint64 size = json(p.data)[QLatin1String("size")].toInteger();
        sum += size;
        largest = qMax(largest, size);
        roundLots += size % 100 == 0 ? 1 : 0;
    }
    const qint64 mean = sum / static_cast<qint64>(out.all.size());
    QVERIFY(mean > 150 && mean < 450);
    QVERIFY(largest > 30 * mean);
    QVERIFY(roundLots > out.all.size() * 7 / 10);
}

void TestMarketSource::booksFollowFromTheirDeltas()
{
    // The reader checks the same with checksums; here the bare levels are compared.
    MarketSource source(small());
    const auto apply = [](QMap<double, QString> &side, const QJsonArray &levels) {
        for (const QJsonValue &level : levels) {
            const QString size = level.toArray()[1].toString();
            if (size == QLatin1String("0"))
                QCOMPARE(side.remove(level.toArray()[0].toString().toDouble()), 1);
            else
                side[level.toArray()[0].toString().toDouble()] = size;
        }
    };
    QMap<double, QString> bids;
    QMap<double, QString> asks;
    const QJsonObject before = json(*source.snapshot("book.AAPL"));
    apply(bids, before[QLatin1String("bids")].toArray());
    apply(asks, before[QLatin1String("asks")].toArray());
    QVERIFY(bids.size() >= 10 && asks.size() >= 10);
    PublicationRecorder out;
    source.advance(kStart + 20 * kSecond, out);
    int deltas = 0;
    for (const auto &p : out.all) {
        if (p.topic != "book.AAPL")
            continue;
        ++deltas;
        apply(bids, json(p.data)[QLatin1String("bids")].toArray());
        apply(asks, json(p.data)[QLatin1String("asks")].toArray());
        QVERIFY(bids.lastKey() < asks.firstKey());
        QVERIFY(bids.size() >= 10 && asks.size() >= 10);
    }
    QVERIFY(deltas > 30 && deltas <= 100);
    QMap<double, QString> bidsAfter;
    QMap<double, QString> asksAfter;
    const QJsonObject after = json(*source.snapshot("book.AAPL"));
    apply(bidsAfter, after[QLatin1String("bids")].toArray());
    apply(asksAfter, after[QLatin1String("asks")].toArray());
    QCOMPARE(bids, bidsAfter);
    QCOMPARE(asks, asksAfter);
}

void TestMarketSource::candlesArePublishedAtMostFourTimesASecond()
{
    PublicationRecorder out;
    MarketSource source(small());
    source.advance(kStart + 10 * kSecond, out);
    QMap<QByteArray, int> counts;
    QMap<qint64, double> lastClose; // of AAPL, as published last for that second
    QMap<qint64, double> traded; // as traded last in that second
    for (const auto &p : out.all) {
        ++counts[p.topic];
        if (p.topic == "candle.AAPL.1s")
            lastClose[json(p.data)[QLatin1String("start")].toInteger()] = json(p.data)[QLatin1String("close")].toDouble();
        if (p.topic == "market.AAPL")
            traded[p.timeNs / kSecond] = json(p.data)[QLatin1String("price")].toDouble();
    }
    QVERIFY(counts["candle.AAPL.1s"] > 20 && counts["candle.AAPL.1s"] <= 41);
    QVERIFY(counts["candle.AAPL.1h"] >= 9 && counts["candle.AAPL.1h"] <= 11);
    // Whatever the throttle, the last word on a finished second is its last trade.
    QVERIFY(traded.size() >= 9);
    traded.remove(traded.lastKey());
    for (auto at = traded.cbegin(); at != traded.cend(); ++at)
        QCOMPARE(lastClose.value(at.key()), at.value());
}

void TestMarketSource::thePastEndsWhereThePresentBegins()
{
    MarketSource source({.seed = 9, .startNs = kStart});
    const QJsonObject now = json(*source.snapshot("market.TSLA"));
    const double price = now[QLatin1String("price")].toDouble();
    const struct {
        const char *interval;
        qint64 seconds;
        size_t most;
        size_t least;
    } kinds[] = {{"1s", 1, 900, 850}, {"5s", 5, 720, 720}, {"1m", 60, 1440, 1440}, {"5m", 300, 576, 576}, {"1h", 3600, 500, 500}};
    for (const auto &kind : kinds) {
        const QByteArray text = *source.snapshot("candle.TSLA." + QByteArray(kind.interval));
        QVERIFY2(text.size() < 256 * 1024, QByteArray::number(text.size()));
        const std::vector<Row> all = rows(text);
        QVERIFY2(all.size() <= kind.most && all.size() >= kind.least, QByteArray::number(quint64(all.size())));
        QCOMPARE(all.back().close, price);
        for (size_t i = 0; i < all.size(); ++i) {
            QCOMPARE(all[i].start % kind.seconds, 0);
            QVERIFY(all[i].low > 0 && all[i].low <= qMin(all[i].open, all[i].close) && all[i].high >= qMax(all[i].open, all[i].close));
            if (i > 0) {
                QVERIFY(all[i].start > all[i - 1].start);
                QCOMPARE(all[i].open, all[i - 1].close);
            }
        }
        QVERIFY(all.back().start <= kStart / kSecond && all.back().start > kStart / kSecond - 2 * kind.seconds);
    }
}

void TestMarketSource::theVolumeOfThePastLastsToItsEnd()
{
    for (quint64 seed = 1; seed <= 8; ++seed) {
        MarketSource::Config config = small();
        config.seed = seed;
        const MarketSource source(config);
        int quiet = 0;
        int longest = 0;
        for (const Row &second : rows(*source.snapshot("candle.AAPL.1s"))) {
            quiet = second.volume > 0 ? 0 : quiet + 1;
            longest = qMax(longest, quiet);
        }
        QVERIFY2(longest <= 2, qPrintable(QStringLiteral("seed %1: %2 candles in a row without volume").arg(seed).arg(longest)));
    }
}

void TestMarketSource::coarseCandlesAreTheSumOfFineOnes()
{
    // Also over the joint between the past, asked for late, and what was traded since.
    MarketSource source({.seed = 9, .symbols = 3, .eventsPerSecond = 30, .startNs = kStart});
    PublicationRecorder out;
    out.prefix = "market.";
    for (int i = 1; i <= 12; ++i)
        source.advance(kStart + i * 25 * kSecond, out);
    const std::vector<Row> fine = rows(*source.snapshot("candle.AAPL.1s"));
    for (const auto &[interval, seconds] : {std::pair("5s", 5), std::pair("1m", 60)}) {
        int compared = 0;
        for (const Row &coarse : rows(*source.snapshot("candle.AAPL." + QByteArray(interval)))) {
            if (coarse.start < fine.front().start)
                continue;
            Row sum{coarse.start, 0, 0, 1e9, 0, 0};
            for (const Row &row : fine) {
                if (row.start < coarse.start || row.start >= coarse.start + seconds)
                    continue;
                if (sum.volume == 0 && sum.open == 0)
                    sum.open = row.open;
                sum.high = qMax(sum.high, row.high);
                sum.low = qMin(sum.low, row.low);
                sum.close = row.close;
                sum.volume += row.volume;
            }
            QCOMPARE(coarse.open, sum.open);
            QCOMPARE(coarse.high, sum.high);
            QCOMPARE(coarse.low, sum.low);
            QCOMPARE(coarse.close, sum.close);
            QCOMPARE(coarse.volume, sum.volume);
            ++compared;
        }
        QVERIFY(compared >= 10);
    }
}

void TestMarketSource::theSessionBeginsAtMidnight()
{
    const qint64 midnight = 1'700'006'400 * kSecond;
    // In the middle of a day: the open and the volume are those of the candles since midnight.
    MarketSource midday({.seed = 9, .symbols = 3, .startNs = midnight + 5 * 3600 * kSecond + 1234 * kSecond});
    const QJsonObject now = json(*midday.snapshot("market.NVDA"));
    double open = 0;
    qint64 volume = 0;
    for (const Row &hour : rows(*midday.snapshot("candle.NVDA.1h"))) {
        if (hour.start == midnight / kSecond)
            open = hour.open;
        if (hour.start >= midnight / kSecond)
            volume += hour.volume;
    }
    QCOMPARE(now[QLatin1String("open")].toDouble(), open);
    QCOMPARE(now[QLatin1String("volume")].toInteger(), volume);
    QVERIFY(volume > 0);

    PublicationRecorder out;
    out.prefix = "market.";
    MarketSource night({.seed = 9, .symbols = 1, .eventsPerSecond = 50, .startNs = midnight - 5 * kSecond});
    night.advance(midnight + 5 * kSecond, out);
    QJsonObject last;
    for (const auto &p : out.all) {
        const QJsonObject trade = json(p.data);
        if (p.timeNs >= midnight) {
            QCOMPARE(trade[QLatin1String("volume")].toInteger(), trade[QLatin1String("size")].toInteger());
            QVERIFY(last[QLatin1String("volume")].toInteger() > 1000);
            return;
        }
        last = trade;
    }
    QFAIL("no trade after midnight");
}

void TestMarketSource::aLongPauseIsJumpedOver()
{
    PublicationRecorder out;
    MarketSource source(small());
    source.advance(kStart + kSecond, out);
    const double before = json(*source.snapshot("market.AAPL"))[QLatin1String("price")].toDouble();
    out.all.clear();
    const qint64 woken = kStart + 8 * 3600 * kSecond;
    source.advance(woken, out);
    for (const auto &p : out.all)
        QVERIFY(p.topic.startsWith("candle.") && p.timeNs <= kStart + kSecond); // what was left to say from before
    QVERIFY(source.nextDueNs() > woken && source.nextDueNs() <= woken + kSecond);
    QCOMPARE(json(*source.snapshot("market.AAPL"))[QLatin1String("price")].toDouble(), before);
    out.all.clear();
    source.advance(woken + 2 * kSecond, out);
    QVERIFY(out.all.size() > 50);
    QVERIFY(out.all.front().timeNs > woken);
}

void TestMarketSource::advanceIsBoundedAndCatchesUp()
{
    MarketSource::Config busy{.seed = 1, .symbols = 2, .eventsPerSecond = 40'000, .startNs = kStart};
    PublicationRecorder out;
    out.prefix = "market.";
    MarketSource source(busy);
    source.advance(kStart + 3 * kSecond, out);
    const size_t first = out.all.size();
    QVERIFY(first <= 50'000);
    QVERIFY(source.nextDueNs() <= kStart + 3 * kSecond);
    for (int i = 0; i < 10 && source.nextDueNs() <= kStart + 3 * kSecond; ++i)
        source.advance(kStart + 3 * kSecond, out);
    QVERIFY(source.nextDueNs() > kStart + 3 * kSecond);
    QVERIFY(out.all.size() > 2 * first);
}

void TestMarketSource::oddConfigurationsAreMadeUsable()
{
    for (const MarketSource::Config &config : {MarketSource::Config{.symbols = 0}, MarketSource::Config{.symbols = -5, .eventsPerSecond = -1},
             MarketSource::Config{.symbols = 1, .eventsPerSecond = std::nan(""), .startNs = -1}}) {
        MarketSource source(config);
        PublicationRecorder out;
        source.advance(kStart, out);
        source.advance(kStart + 2 * kSecond, out);
        QCOMPARE(source.symbols().size(), size_t(1));
        QVERIFY(source.snapshot("candle.AAPL.1s"));
    }
}

QTEST_APPLESS_MAIN(TestMarketSource)
#include "tst_market_source.moc"
