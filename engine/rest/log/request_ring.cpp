// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/log/request_ring.h"

#include "rest/gate/http_syntax.h"
#include "rest/json/object_writer.h"
#include "rest/query_params.h"

#include <algorithm>

namespace commander {

std::string_view requestEntryKindName(RequestEntry::Kind kind) noexcept
{
    switch (kind) {
    case RequestEntry::Kind::Answered:
        return "answered";
    case RequestEntry::Kind::Refused:
        return "refused";
    case RequestEntry::Kind::Abandoned:
        return "abandoned";
    case RequestEntry::Kind::StreamBegan:
        return "stream-began";
    case RequestEntry::Kind::StreamEnded:
        return "stream-ended";
    }
    return {};
}

std::string requestEntryJson(const RequestEntry &entry)
{
    std::string out;
    rest::ObjectWriter json(out);
    json.number("sequence", entry.sequence);
    json.number("request", entry.request);
    json.plain("time", entry.time.text());
    json.plain("kind", requestEntryKindName(entry.kind));
    json.text("method", entry.method);
    json.text("target", entry.target);
    if (entry.status != 0)
        json.number("status", entry.status);
    if (!entry.code.empty())
        json.text("code", entry.code);
    json.number("micros", entry.micros);
    json.number("bytes", entry.bytes);
    json.text("client", entry.client);
    if (!entry.token.empty())
        json.text("token", entry.token);
    if (!entry.command.empty())
        json.text("command", entry.command);
    json.end();
    return out;
}

} // namespace commander

namespace commander::rest {

namespace {

constexpr std::size_t targetBytesMax = 512;
constexpr std::string_view blot = "[secret]";
/// Where a client may have put what belongs into a header.
constexpr std::string_view secretNames[] = {"ticket", "token", "access_token", "authorization", "secret", "password"};

bool isSecret(std::string_view parameter)
{
    const auto name = lowered(percentDecoded(parameter));
    return std::find(std::begin(secretNames), std::end(secretNames), name) != std::end(secretNames);
}

} // namespace

void appendWithoutSecrets(std::string &out, std::string_view target)
{
    const auto begin = out.size();
    const auto question = target.find('?');
    out.append(target.substr(0, question));
    for (auto at = question; at < target.size() && out.size() - begin <= targetBytesMax;) {
        const auto end = std::min(target.find('&', at + 1), target.size());
        const auto parameter = target.substr(at, end - at); // with its ? or &
        const auto equals = parameter.find('=');
        if (equals != std::string_view::npos && isSecret(parameter.substr(1, equals - 1)))
            out.append(parameter.substr(0, equals + 1)).append(blot);
        else
            out.append(parameter);
        at = end;
    }
    if (out.size() - begin > targetBytesMax)
        out.resize(begin + targetBytesMax);
}

void RequestRing::add(const Told &told)
{
    const std::lock_guard lock(m_mutex);
    const auto sequence = m_newest.load(std::memory_order_relaxed) + 1;
    if (m_entries.size() < m_entriesMax)
        m_entries.emplace_back();
    auto &entry = m_entries[(sequence - 1) % m_entriesMax];
    entry.sequence = sequence;
    entry.request = told.request;
    entry.kind = told.kind;
    entry.status = told.status;
    entry.time = told.time;
    entry.micros = told.micros;
    entry.bytes = told.bytes;
    entry.method = told.method;
    entry.target.clear();
    appendWithoutSecrets(entry.target, told.target);
    entry.client = told.client;
    entry.token = told.token;
    entry.code = told.code;
    entry.command = told.command;
    m_newest.store(sequence, std::memory_order_release);
}

std::uint64_t RequestRing::oldest() const noexcept
{
    const auto last = newest();
    return last == 0 ? 0 : last - std::min<std::uint64_t>(last, m_entriesMax) + 1;
}

std::vector<RequestEntry> RequestRing::after(std::uint64_t sequence, std::size_t max) const
{
    std::vector<RequestEntry> found;
    const std::lock_guard lock(m_mutex);
    for (auto at = std::max(sequence + 1, oldest()); at >= 1 && at <= newest() && found.size() < max; ++at)
        found.push_back(this->at(at));
    return found;
}

std::vector<RequestEntry> RequestRing::before(std::uint64_t sequence, std::size_t max) const
{
    std::vector<RequestEntry> found;
    const std::lock_guard lock(m_mutex);
    const auto first = oldest();
    for (auto at = std::min(sequence, newest() + 1); at > first && first > 0 && found.size() < max;)
        found.push_back(this->at(--at));
    return found;
}

} // namespace commander::rest
