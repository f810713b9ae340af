// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/read_hints.h"

#include <algorithm>

namespace commander::script {

namespace {

constexpr std::size_t hintsMax = 16; ///< of one function

} // namespace

ReadHints::Function ReadHints::functionOf(const CallMessage &call)
{
    return {static_cast<std::uint8_t>(call.kind), {call.name, call.record.action}};
}

void ReadHints::learn(const CallMessage &call, const Json &data, const ReadMessage &read)
{
    std::string member;
    if (read.key != call.record.key) {
        const auto *members = data.asObject();
        if (!members)
            return;
        const auto found = std::find_if(members->begin(), members->end(), [&read](const Json::Member &one) {
            const auto *text = one.second.asString();
            return text && *text == read.key;
        });
        if (found == members->end())
            return;
        member = found->first;
    }
    const std::scoped_lock lock(m_mutex);
    auto &hints = m_hints[functionOf(call)];
    if (hints.size() < hintsMax)
        hints.emplace(read.view, std::move(member));
}

std::vector<SentDocument> ReadHints::guess(const CallMessage &call, const Json &data)
{
    std::vector<SentDocument> out;
    const std::scoped_lock lock(m_mutex);
    const auto found = m_hints.find(functionOf(call));
    if (found == m_hints.end())
        return out;
    for (const auto &[view, member] : found->second) {
        auto key = member.empty() ? call.record.key : std::string(data.stringAt(member));
        const bool there = std::any_of(out.begin(), out.end(),
                                       [&](const SentDocument &one) { return one.view == view && one.key == key; });
        if (!key.empty() && !there)
            out.push_back({view, std::move(key), std::nullopt});
    }
    return out;
}

} // namespace commander::script
