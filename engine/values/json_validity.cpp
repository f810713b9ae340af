// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/json_validity.h"

#include <algorithm>
#include <cstring>

namespace commander {

namespace {

constexpr std::size_t pairwiseMax = 12;

/// As the parser takes it: the usual ones are looked at here, all others are for the parser to say.
bool isNumber(std::string_view text)
{
    constexpr std::size_t usualDigitsMax = 18;
    const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
    const bool plain = !digits.empty() && digits.size() <= usualDigitsMax
        && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (plain)
        return digits.size() == 1 || digits.front() != '0';
    return !digits.empty() && digits.front() >= '0' && digits.front() <= '9' && digits.back() >= '0'
        && digits.back() <= '9' && checkJson(text);
}

/// Bytes of the character that begins here, 0 when none does.
std::size_t characterAt(std::string_view text, std::size_t at)
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(at);
    if (first < 0x80)
        return 1;
    const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || text.size() - at < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80)
            return 0;
    }
    const auto second = byte(at + 1);
    const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)
        || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    return wrong ? 0 : length;
}

bool namesDiffer(const Json::Object &object)
{
    if (object.size() <= pairwiseMax) {
        for (std::size_t i = 1; i < object.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (object[i].first == object[j].first)
                    return false;
            }
        }
        return true;
    }
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const auto &member : object)
        names.push_back(member.first);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
}

} // namespace

bool isUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = 0;
        if (text.size() - at >= sizeof eight) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080808080808080) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const auto length = characterAt(text, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

std::string jsonFaultOf(const Json &value)
{
    if (const auto *text = value.asString())
        return isUtf8(*text) ? std::string() : "a text is not UTF-8";
    if (const auto *number = value.asNumber())
        return isNumber(number->lexeme) ? std::string() : "a number is written as \"" + number->lexeme + '"';
    if (const auto *array = value.asArray()) {
        for (const auto &element : *array) {
            if (auto fault = jsonFaultOf(element); !fault.empty())
                return fault;
        }
    } else if (const auto *object = value.asObject()) {
        if (!namesDiffer(*object))
            return "an object has a member twice";
        for (const auto &[name, member] : *object) {
            if (!isUtf8(name))
                return "the name of a member is not UTF-8";
            if (auto fault = jsonFaultOf(member); !fault.empty())
                return fault;
        }
    }
    return {};
}

} // namespace commander
