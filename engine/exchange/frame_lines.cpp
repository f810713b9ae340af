// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/frame_lines.h"

#include "exchange/record_line.h"

#include <commander/json.h>

#include <charconv>

namespace commander {

namespace {

constexpr std::int64_t formatVersion = 1;
constexpr std::string_view trailerBegin = R"({"commander":"end")";

bool readNumber(const Json *value, std::uint64_t &to)
{
    const auto *const number = value ? value->asNumber() : nullptr;
    if (!number)
        return false;
    const auto *const end = number->lexeme.data() + number->lexeme.size();
    const auto result = std::from_chars(number->lexeme.data(), end, to);
    return result.ec == std::errc() && result.ptr == end;
}

bool readHash(const Json &line, std::string_view name, Hash256 &to)
{
    return readHex(line.stringAt(name), to.data(), to.size());
}

/// `name` or `nameBytes`.
std::string readText(const Json &line, std::string_view name)
{
    if (const auto bytes = line.stringAt(std::string(name) + "Bytes"); !bytes.empty()) {
        std::string text(bytes.size() / 2, '\0');
        if (readHex(bytes, reinterpret_cast<std::uint8_t *>(text.data()), text.size()))
            return text;
    }
    return std::string(line.stringAt(name));
}

bool readProgress(const Json &line, std::vector<ConsumerProgress> &progress)
{
    const auto *const list = line.find("progress");
    if (!list || !list->asArray())
        return false;
    for (const auto &one : *list->asArray()) {
        ConsumerProgress taken;
        std::uint64_t partition = 0;
        taken.consumer = readText(one, "consumer");
        taken.source.topic = readText(one, "topic");
        if (!readNumber(one.find("partition"), partition) || !readNumber(one.find("next"), taken.next.value))
            return false;
        taken.source.partition = static_cast<std::uint32_t>(partition);
        progress.push_back(std::move(taken));
    }
    return true;
}

tl::unexpected<Error> changed(std::string what)
{
    return fail(ErrorCode::LedgerDamaged, std::move(what), {}, "The line was changed after it was written.");
}

} // namespace

std::string headerLine(const ExportHeader &header)
{
    std::string out = R"({"commander":"export")";
    appendNumberMember(out, "format", formatVersion);
    appendTextMember(out, "program", header.program);
    appendTextMember(out, "hashes", "CMDR1");
    appendTextMember(out, "ledger", header.ledger.text());
    out += header.whole ? R"(,"whole":true)" : R"(,"whole":false)";
    appendNumberMember(out, "first", header.first.value);
    appendNumberMember(out, "last", header.last.value);
    if (!header.filter.empty())
        appendTextMember(out, "filter", header.filter);
    appendNumberMember(out, "position", header.state.head.position.value);
    appendHexMember(out, "chain", header.state.head.chain);
    appendTimeMember(out, "recordedAt", header.state.head.recordedAt);
    out += R"(,"progress":[)";
    for (const auto &one : header.state.progress) {
        std::string members;
        appendTextMember(members, "consumer", one.consumer);
        appendTextMember(members, "topic", one.source.topic);
        appendNumberMember(members, "partition", one.source.partition);
        appendNumberMember(members, "next", one.next.value);
        out.append(out.back() == '[' ? "{" : ",{").append(members, 1).append("}");
    }
    out += "]}\n";
    return out;
}

Result<ExportHeader> parseHeaderLine(std::string_view line)
{
    const auto json = parseJson(line);
    if (!json || json->stringAt("commander") != "export")
        return fail(ErrorCode::LedgerForeign, "the file is no export of Commander", "line 1");
    const auto format = json->integerAt("format");
    if (!format) {
        return fail(ErrorCode::Unsupported, "the export was written before there was a format that can be read back",
                    "line 1", "Export the ledger again.");
    }
    if (*format != formatVersion) {
        return fail(ErrorCode::LedgerNewer,
                    "the export has format " + std::to_string(*format) + ", this program knows "
                        + std::to_string(formatVersion),
                    "line 1", "Use a newer Commander.");
    }
    ExportHeader header;
    header.program = readText(*json, "program");
    header.ledger = Uuid::parse(json->stringAt("ledger")).value_or(Uuid{});
    header.whole = json->find("whole") && json->find("whole")->asBool().value_or(false);
    header.filter = readText(*json, "filter");
    auto &head = header.state.head;
    const auto *const time = json->find("recordedAt");
    if (time && time->asInteger())
        head.recordedAt = {*time->asInteger()};
    else
        head.recordedAt = Timestamp::parse(json->stringAt("recordedAt")).value_or(Timestamp{});
    const bool sound = readNumber(json->find("first"), header.first.value)
        && readNumber(json->find("last"), header.last.value) && readNumber(json->find("position"), head.position.value)
        && readHash(*json, "chain", head.chain) && readProgress(*json, header.state.progress);
    if (!sound || headerLine(header) != line)
        return changed("the first line is not as Commander writes it");
    return header;
}

std::string trailerLine(const ExportTrailer &trailer)
{
    std::string out(trailerBegin);
    appendNumberMember(out, "records", trailer.records);
    appendNumberMember(out, "position", trailer.position.value);
    appendHexMember(out, "chain", trailer.chain);
    appendHexMember(out, "sha256", trailer.sha256);
    out += "}\n";
    return out;
}

bool isTrailerLine(std::string_view line)
{
    return line.starts_with(trailerBegin);
}

Result<ExportTrailer> parseTrailerLine(std::string_view line)
{
    const auto json = parseJson(line);
    ExportTrailer trailer;
    const bool sound = json && readNumber(json->find("records"), trailer.records)
        && readNumber(json->find("position"), trailer.position.value) && readHash(*json, "chain", trailer.chain)
        && readHash(*json, "sha256", trailer.sha256);
    if (!sound || trailerLine(trailer) != line)
        return changed("the last line is not as Commander writes it");
    return trailer;
}

} // namespace commander
