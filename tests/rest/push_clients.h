// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace commander {

/// Very many clients of updates, server-sent events and WebSockets, in one thread of their own. They note what arrives
/// and when, and answer pings.
class PushClients {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class Kind { ServerSentEvents, WebSocket };
    enum class Reads { Always, Never };

    explicit PushClients(std::uint16_t port);
    ~PushClients();
    PushClients(const PushClients &) = delete;
    PushClients &operator=(const PushClients &) = delete;

    /// Connects and asks; the number of the client. The process may need more descriptors: see allowDescriptors().
    std::size_t add(Kind kind, const std::string &path, Reads reads = Reads::Always);
    /// Until the server has answered so many with a stream.
    [[nodiscard]] bool waitForStreams(std::size_t count, std::chrono::seconds most);
    /// Until the client has seen this position or a later one.
    [[nodiscard]] bool waitForPosition(std::size_t client, std::uint64_t position, std::chrono::seconds most);
    /// Vanishes without a word.
    void drop(std::size_t client);

    struct Arrival {
        std::uint64_t position;
        TimePoint time;
    };
    [[nodiscard]] std::vector<Arrival> arrivals(std::size_t client) const;
    /// The id of the last event, to go on from.
    [[nodiscard]] std::string lastId(std::size_t client) const;

    /// Raises this process's limit; false when the system does not allow so many.
    [[nodiscard]] static bool allowDescriptors(std::size_t count);

private:
    struct Client {
        int descriptor = -1;
        Kind kind = Kind::ServerSentEvents;
        bool streams = false;
        std::string buffer;
        std::string lastId;
        std::vector<Arrival> arrivals;
    };
    void run(const std::stop_token &stop);
    void read(Client &client);
    void takeEvents(Client &client);
    void takeFrames(Client &client);
    void note(Client &client, std::string id);

    const std::uint16_t m_port;
    const int m_poll;
    mutable std::mutex m_mutex;
    std::vector<std::unique_ptr<Client>> m_clients; ///< guarded by m_mutex
    std::jthread m_thread;
};

} // namespace commander
