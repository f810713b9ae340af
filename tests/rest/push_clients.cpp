// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/push_clients.h"

#include "rest/socket_client.h"

#include <QTest>

#include <array>
#include <cstring>
#include <functional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace commander {

namespace {

bool waitUntil(std::chrono::seconds most, const std::function<bool()> &done)
{
    return QTest::qWaitFor(done, static_cast<int>(std::chrono::milliseconds(most).count()));
}

} // namespace

bool PushClients::allowDescriptors(std::size_t count)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    if (limit.rlim_cur >= count)
        return true;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < count)
        return false;
    limit.rlim_cur = count;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

PushClients::PushClients(std::uint16_t port)
    : m_port(port), m_poll(::epoll_create1(EPOLL_CLOEXEC)), m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

PushClients::~PushClients()
{
    m_thread.request_stop();
    m_thread.join();
    for (const auto &client : m_clients) {
        if (client->descriptor >= 0)
            ::close(client->descriptor);
    }
    ::close(m_poll);
}

std::size_t PushClients::add(Kind kind, const std::string &path, Reads reads)
{
    auto client = std::make_unique<Client>();
    client->kind = kind;
    client->descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(client->descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        qWarning("cannot connect: %s", std::strerror(errno));
    std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(m_port) + "\r\n";
    if (kind == Kind::WebSocket)
        request += SocketClient::handshake;
    request += "\r\n";
    if (::send(client->descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0)
        qWarning("cannot send: %s", std::strerror(errno));
    ::fcntl(client->descriptor, F_SETFL, O_NONBLOCK);
    const std::scoped_lock lock(m_mutex);
    m_clients.push_back(std::move(client));
    if (reads == Reads::Always) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = m_clients.back().get();
        ::epoll_ctl(m_poll, EPOLL_CTL_ADD, m_clients.back()->descriptor, &event);
    }
    return m_clients.size() - 1;
}

bool PushClients::waitForStreams(std::size_t count, std::chrono::seconds most)
{
    return waitUntil(most, [this, count] {
        const std::scoped_lock lock(m_mutex);
        std::size_t streams = 0;
        for (const auto &client : m_clients)
            streams += client->streams;
        return streams >= count;
    });
}

bool PushClients::waitForPosition(std::size_t client, std::uint64_t position, std::chrono::seconds most)
{
    return waitUntil(most, [this, client, position] {
        const std::scoped_lock lock(m_mutex);
        const auto &arrivals = m_clients[client]->arrivals;
        return !arrivals.empty() && arrivals.back().position >= position;
    });
}

void PushClients::drop(std::size_t client)
{
    const std::scoped_lock lock(m_mutex);
    ::close(std::exchange(m_clients[client]->descriptor, -1));
}

std::vector<PushClients::Arrival> PushClients::arrivals(std::size_t client) const
{
    const std::scoped_lock lock(m_mutex);
    return m_clients[client]->arrivals;
}

std::string PushClients::lastId(std::size_t client) const
{
    const std::scoped_lock lock(m_mutex);
    return m_clients[client]->lastId;
}

void PushClients::run(const std::stop_token &stop)
{
    std::array<epoll_event, 256> events;
    while (!stop.stop_requested()) {
        const int count = ::epoll_wait(m_poll, events.data(), static_cast<int>(events.size()), 20);
        for (int i = 0; i < count; ++i) {
            const std::scoped_lock lock(m_mutex);
            auto &client = *static_cast<Client *>(events[static_cast<std::size_t>(i)].data.ptr);
            if (client.descriptor >= 0)
                read(client);
        }
    }
}

void PushClients::read(Client &client)
{
    std::array<char, 64 * 1024> bytes;
    const auto count = ::recv(client.descriptor, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        if (count == 0 || (errno != EAGAIN && errno != EINTR))
            ::close(std::exchange(client.descriptor, -1));
        return;
    }
    client.buffer.append(bytes.data(), static_cast<std::size_t>(count));
    if (!client.streams) {
        const auto end = client.buffer.find("\r\n\r\n");
        if (end == std::string::npos)
            return;
        const auto status = client.buffer.substr(9, 3);
        client.streams = status == "200" || status == "101";
        if (!client.streams) {
            qWarning("no stream: %s", client.buffer.c_str());
            ::close(std::exchange(client.descriptor, -1));
            return;
        }
        client.buffer.erase(0, end + 4);
    }
    client.kind == Kind::WebSocket ? takeFrames(client) : takeEvents(client);
}

void PushClients::takeEvents(Client &client)
{
    std::size_t begin = 0;
    for (auto end = client.buffer.find("\n\n"); end != std::string::npos; end = client.buffer.find("\n\n", begin)) {
        const auto frame = std::string_view(client.buffer).substr(begin, end - begin);
        begin = end + 2;
        if (frame.starts_with("id: ") && frame.find("\nevent: ") != std::string_view::npos)
            note(client, std::string(frame.substr(4, frame.find('\n') - 4)));
    }
    client.buffer.erase(0, begin);
}

void PushClients::takeFrames(Client &client)
{
    std::size_t begin = 0;
    const auto byte
        = [&client, &begin](std::size_t at) { return static_cast<unsigned char>(client.buffer[begin + at]); };
    while (client.buffer.size() - begin >= 2) {
        std::size_t head = 2;
        std::size_t size = byte(1);
        if (size >= 126) {
            head = size == 126 ? 4 : 10;
            if (client.buffer.size() - begin < head)
                break;
            size = 0;
            for (std::size_t i = 2; i < head; ++i)
                size = size << 8 | byte(i);
        }
        if (client.buffer.size() - begin < head + size)
            break;
        const auto payload = std::string_view(client.buffer).substr(begin + head, size);
        const int opcode = byte(0) & 15;
        constexpr std::string_view label = R"(,"id":)";
        if (opcode == 9) {
            const auto pong = clientFrame(10, std::string(payload));
            if (::send(client.descriptor, pong.data(), pong.size(), MSG_NOSIGNAL) < 0)
                qWarning("cannot send: %s", std::strerror(errno));
        } else if (opcode == 1 && payload.starts_with(R"({"type":"message")")) {
            const auto at = payload.find(label) + label.size() + 1;
            note(client, std::string(payload.substr(at, payload.find('"', at) - at)));
        }
        begin += head + size;
    }
    client.buffer.erase(0, begin);
}

void PushClients::note(Client &client, std::string id)
{
    client.arrivals.push_back({std::strtoull(id.c_str(), nullptr, 10), std::chrono::steady_clock::now()});
    client.lastId = std::move(id);
}

} // namespace commander
