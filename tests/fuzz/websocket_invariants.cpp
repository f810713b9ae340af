// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"
#include "rest/websocket/client_message.h"
#include "rest/websocket/frame_reader.h"
#include "values/json_validity.h"

namespace commander {

namespace {

using namespace rest;

constexpr std::size_t messageBytesMax = 300;

/// What comes of the bytes in pieces of these sizes, the last one again and again; begins with an exclamation mark when
/// a promise is broken.
std::string verdictOf(std::string_view bytes, std::initializer_list<std::size_t> pieces)
{
    FrameReader reader(messageBytesMax);
    std::string verdict;
    auto piece = pieces.begin();
    while (!bytes.empty()) {
        const auto given = bytes.substr(0, *piece);
        const auto taken = reader.feed(given);
        if (piece + 1 != pieces.end())
            ++piece;
        bytes.remove_prefix(taken);
        if (reader.state() == FrameReader::State::Failed)
            return verdict + "failed " + std::to_string(reader.failure().code) + std::string(reader.failure().reason);
        if (reader.state() == FrameReader::State::Complete) {
            const auto message = reader.take();
            if (message.payload.size() > (message.opcode == Opcode::Text ? messageBytesMax : 125))
                return "!a message over the limit";
            if ((message.opcode == Opcode::Text || message.opcode == Opcode::Close) && !isUtf8(message.payload))
                return "!a text that is not UTF-8";
            verdict += std::to_string(static_cast<int>(message.opcode)) + ' ' + std::to_string(message.code) + ' '
                + message.payload + '\n';
        } else if (taken != given.size()) {
            return "!bytes were left alone";
        }
    }
    return verdict;
}

/// A client may say what it likes within the limits: its name comes back, and nothing else is taken for one.
std::string brokenMessage(std::string_view text)
{
    const auto message = readClientMessage(text);
    if (const auto *unusable = std::get_if<UnusableMessage>(&message))
        return unusable->error.text().empty() ? "an error without words" : "";
    if (const auto *submit = std::get_if<SubmitMessage>(&message)) {
        if (submit->ref.empty() || text.find(submit->command) == std::string_view::npos)
            return "a command with other bytes than were sent";
    } else if (const auto *subscribe = std::get_if<SubscribeMessage>(&message)) {
        if (subscribe->subscription.empty() || subscribe->subscription.size() > 64)
            return "a subscription without a name";
    }
    return {};
}

} // namespace

std::string brokenInvariant(std::string_view bytes)
{
    const auto whole = verdictOf(bytes, {bytes.size()});
    if (whole.starts_with('!'))
        return whole.substr(1);
    const std::size_t odd = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.back()) % 7;
    for (const auto &verdict : {verdictOf(bytes, {1}), verdictOf(bytes, {odd}), verdictOf(bytes, {2, odd, 100, 1})}) {
        if (verdict != whole)
            return "another verdict when it comes in pieces:\n" + verdict + "\ninstead of\n" + whole;
    }
    // The same bytes as the text of one message.
    if (auto broken = brokenMessage(bytes); !broken.empty())
        return broken;
    if (!isUtf8(bytes) || bytes.size() > messageBytesMax)
        return {};
    std::string frame;
    appendSocketFrameHead(frame, Opcode::Text, bytes.size());
    frame[1] = static_cast<char>(frame[1] | 0x80); // as a client would have sent it, masked with zeros
    frame.append(4, '\0').append(bytes);
    return verdictOf(frame, {frame.size()}) == "1 0 " + std::string(bytes) + '\n' ? ""
                                                                                  : "a message that comes out changed";
}

} // namespace commander
