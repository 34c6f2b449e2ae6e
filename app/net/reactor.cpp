// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/reactor.h"

#include "wire/mask.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

namespace feedscope::net {

namespace {

/// A handle and the handler in flight share this, so that a tick may destroy its own timer.
struct Ticker : std::enable_shared_from_this<Ticker> {
    Ticker(asio::io_context &context, qint64 intervalNs, std::function<void()> onTick)
        : timer(context)
        , interval(intervalNs)
        , tick(std::move(onTick))
    {
    }

    void start()
    {
        timer.expires_after(interval);
        wait();
    }
    void wait()
    {
        timer.async_wait([self = shared_from_this()](const asio::error_code &error) {
            if (error || self->cancelled)
                return;
            self->tick();
            if (self->cancelled)
                return;
            // From deadline to deadline, so that the rate does not drift; what was missed while the thread was busy is
            // not made up for.
            const auto now = std::chrono::steady_clock::now();
            auto next = self->timer.expiry() + self->interval;
            if (next < now)
                next = now + self->interval;
            self->timer.expires_at(next);
            self->wait();
        });
    }

    asio::steady_timer timer;
    const std::chrono::nanoseconds interval;
    const std::function<void()> tick;
    bool cancelled = false;
};

class TickerHandle final : public Reactor::Timer {
public:
    explicit TickerHandle(std::shared_ptr<Ticker> ticker)
        : m_ticker(std::move(ticker))
    {
        m_ticker->start();
    }
    ~TickerHandle() override
    {
        m_ticker->cancelled = true;
        m_ticker->timer.cancel();
    }

private:
    std::shared_ptr<Ticker> m_ticker;
};

} // namespace

struct Reactor::Private {
    base::SystemClock clock;
    wire::RandomMaskSource masks;
    std::array<char, 64 * 1024> readBuffer;
    std::atomic<std::thread::id> thread{};
    asio::io_context context{1}; // one thread runs it
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
};

Reactor::Reactor()
    : d(std::make_unique<Private>())
{
}

Reactor::~Reactor() = default;

void Reactor::run()
{
    d->thread = std::this_thread::get_id();
    d->context.run();
    d->thread = std::thread::id();
}

void Reactor::stop()
{
    d->context.stop();
}

void Reactor::post(std::function<void()> work)
{
    asio::post(d->context, std::move(work));
}

void Reactor::runSync(const std::function<void()> &work)
{
    Q_ASSERT_X(!isInThread(), "Reactor::runSync", "would wait for itself");
    if (isInThread()) {
        work();
        return;
    }
    std::promise<void> done;
    asio::post(d->context, [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

std::unique_ptr<Reactor::Timer> Reactor::every(qint64 intervalNs, std::function<void()> tick)
{
    Q_ASSERT(intervalNs > 0);
    return std::make_unique<TickerHandle>(
        std::make_shared<Ticker>(d->context, qMax<qint64>(1, intervalNs), std::move(tick)));
}

bool Reactor::isInThread() const
{
    return d->thread.load() == std::this_thread::get_id();
}

const base::Clock &Reactor::clock() const
{
    return d->clock;
}

asio::io_context &Reactor::context()
{
    return d->context;
}

std::span<char> Reactor::readBuffer()
{
    return d->readBuffer;
}

wire::MaskSource &Reactor::masks()
{
    return d->masks;
}

} // namespace feedscope::net
