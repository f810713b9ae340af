// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/http_load.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace commander {

namespace {

using SteadyClock = std::chrono::steady_clock;

tl::unexpected<Error> systemError(const char *what)
{
    return fail(ErrorCode::IoError, std::string(what) + ": " + std::generic_category().message(errno));
}

class FileDescriptor {
public:
    explicit FileDescriptor(int fd = -1) : m_fd(fd) { }
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    FileDescriptor(FileDescriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) { }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

struct Connection {
    FileDescriptor socket;
    std::string input;
    SteadyClock::time_point sentAt;
};

struct Answer {
    int status = 0;
    std::size_t length = 0; ///< of header and body
};

/// Nothing while the answer is incomplete.
std::optional<Answer> parseAnswer(std::string_view input)
{
    const auto headerEnd = input.find("\r\n\r\n");
    if (headerEnd == std::string_view::npos || headerEnd < 12)
        return {};
    Answer answer;
    std::from_chars(input.data() + 9, input.data() + 12, answer.status);
    std::size_t bodyLength = 0;
    const auto header = input.substr(0, headerEnd);
    for (std::size_t line = header.find("\r\n"); line != std::string_view::npos; line = header.find("\r\n", line + 2)) {
        const auto field = header.substr(line + 2, 16);
        constexpr std::string_view name = "content-length: ";
        const bool match = field.size() == name.size()
            && std::equal(field.begin(), field.end(), name.begin(),
                          [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
        if (match)
            std::from_chars(header.data() + line + 18, header.data() + header.size(), bodyLength);
    }
    answer.length = headerEnd + 4 + bodyLength;
    if (input.size() < answer.length)
        return {};
    return answer;
}

Result<FileDescriptor> connectTo(std::uint16_t port)
{
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0)
        return systemError("cannot make a socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return systemError("cannot connect");
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

Result<void> sendRequest(Connection &connection, const HttpLoad &load)
{
    const auto body = load.nextBody();
    auto request = "POST " + load.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(load.port)
        + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    connection.sentAt = SteadyClock::now();
    for (std::string_view rest = request; !rest.empty();) {
        const auto sent = ::send(connection.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return systemError("cannot send");
        if (sent > 0)
            rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

/// Takes what arrived and sends the next request once the answer is whole.
Result<void> serve(Connection &connection, const HttpLoad &load, SteadyClock::time_point end, HttpLoadReport &report)
{
    std::array<char, 16 * 1024> buffer;
    const auto received = ::recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
    if (received < 0)
        return errno == EINTR ? Result<void>{} : systemError("cannot receive");
    if (received == 0)
        return fail(ErrorCode::IoError, "the server closed a connection");
    connection.input.append(buffer.data(), static_cast<std::size_t>(received));
    const auto answer = parseAnswer(connection.input);
    if (!answer)
        return {};
    const auto now = SteadyClock::now();
    ++report.answers;
    report.latencyMicros.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - connection.sentAt).count()));
    if (answer->status != load.expectedStatus && ++report.unexpected == 1)
        report.firstUnexpected = connection.input.substr(0, 600);
    connection.input.erase(0, answer->length);
    return now < end ? sendRequest(connection, load) : Result<void>{};
}

} // namespace

double HttpLoadReport::percentileMs(double share) const
{
    if (latencyMicros.empty())
        return 0;
    auto sorted = latencyMicros;
    const auto index
        = std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(index), sorted.end());
    return sorted[index] / 1000.0;
}

Result<HttpLoadReport> runHttpLoad(const HttpLoad &load)
{
    const FileDescriptor poll(::epoll_create1(EPOLL_CLOEXEC));
    if (poll.get() < 0)
        return systemError("cannot make an epoll set");
    std::vector<Connection> connections(load.connections);
    for (std::size_t i = 0; i < connections.size(); ++i) {
        auto socket = connectTo(load.port);
        if (!socket)
            return fail(socket.error());
        connections[i].socket = std::move(*socket);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, connections[i].socket.get(), &event) != 0)
            return systemError("cannot watch a socket");
    }
    HttpLoadReport report;
    const auto begin = SteadyClock::now();
    const auto end = begin + load.duration;
    for (auto &connection : connections) {
        if (auto sent = sendRequest(connection, load); !sent)
            return fail(sent.error());
    }
    std::array<epoll_event, 64> events;
    while (SteadyClock::now() < end) {
        const int ready = ::epoll_wait(poll.get(), events.data(), static_cast<int>(events.size()), 50);
        if (ready < 0 && errno != EINTR)
            return systemError("cannot wait for answers");
        for (int i = 0; i < ready; ++i) {
            auto served = serve(connections[events[static_cast<std::size_t>(i)].data.u64], load, end, report);
            if (!served)
                return fail(served.error());
        }
    }
    report.seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    return report;
}

} // namespace commander
