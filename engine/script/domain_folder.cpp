// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/domain_folder.h"

#include <commander/limits.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace commander::script {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t filesMax = 256;
constexpr std::size_t bytesMax = 8u << 20;

bool decides(std::string_view name)
{
    return isScript(name) || name.ends_with(".json");
}

/// Stays inside the folder on every system, and has one spelling only.
bool isPlainName(std::string_view name)
{
    if (name.empty() || name.size() > limits::nameBytesMax || name.find_first_of("\\:") != std::string_view::npos)
        return false;
    for (std::size_t begin = 0; begin <= name.size();) {
        const auto end = std::min(name.find('/', begin), name.size());
        if (end == begin || name[begin] == '.') // hidden files are no part of a domain either
            return false;
        begin = end + 1;
    }
    return true;
}

tl::unexpected<Error> tooLarge(std::string where)
{
    return fail(ErrorCode::LimitExceeded,
                "a domain has at most " + std::to_string(filesMax) + " files and " + std::to_string(bytesMax >> 20)
                    + " MiB",
                std::move(where), "Is this the folder of one domain?");
}

Result<std::string> readFile(const fs::path &path)
{
    std::ifstream stream(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream.is_open() || stream.bad())
        return fail(ErrorCode::IoError, "cannot read the file", path.string());
    return bytes;
}

/// Files under `root` whose relative name `wanted` accepts, sorted by it.
template <class Wanted> Result<std::vector<DomainFile>> readFiles(const fs::path &root, Wanted wanted)
{
    std::vector<DomainFile> files;
    std::size_t total = 0;
    std::error_code error;
    fs::recursive_directory_iterator at(root, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        const auto name = at->path().lexically_relative(root).generic_string();
        if (at->path().filename().string().starts_with('.')) { // an editor's or a version control's own
            at.disable_recursion_pending();
            continue;
        }
        if (at->is_symlink(error)) {
            return fail(ErrorCode::InvalidArgument, "a domain folder must not hold links: " + name, root.string(),
                        "Copy the file into the folder.");
        }
        if (!at->is_regular_file(error) || !wanted(name))
            continue;
        auto bytes = readFile(at->path());
        if (!bytes)
            return fail(bytes.error());
        total += bytes->size();
        if (files.size() == filesMax || total > bytesMax)
            return tooLarge(root.string());
        files.push_back({name, std::move(*bytes)});
    }
    if (error)
        return fail(ErrorCode::IoError, "cannot read the folder: " + error.message(), root.string());
    std::sort(files.begin(), files.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
    return files;
}

Hash256 hashOf(const std::vector<DomainFile> &files)
{
    // Each text stands with its length, so that no two folders give the same bytes.
    std::string text = "commander domain 1\n";
    for (const auto &file : files) {
        text += std::to_string(file.name.size()) + ':' + file.name;
        text += std::to_string(file.bytes.size()) + ':' + file.bytes;
    }
    return sha256(text);
}

Result<DomainFolder> finished(const std::string &path, std::vector<DomainFile> files)
{
    DomainFolder folder{path, std::move(files), {}};
    if (!folder.find(manifestName))
        return fail(ErrorCode::NotFound, "the folder holds no domain.json", path, "Name the folder of a domain.");
    folder.hash = hashOf(folder.files);
    return folder;
}

std::string unescaped(std::string_view token)
{
    std::string plain;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escape = token[i] == '~' && i + 1 < token.size();
        plain += escape ? (token[++i] == '1' ? '/' : '~') : token[i];
    }
    return plain;
}

std::optional<std::string_view> childOf(std::string_view value, const std::string &token)
{
    if (const auto members = sliceJsonObject(value)) {
        for (const auto &member : *members) {
            if (member.name == token)
                return member.raw;
        }
        return {};
    }
    const auto elements = sliceJsonArray(value);
    std::size_t index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
    if (!elements || read.ec != std::errc() || index >= elements->size())
        return {};
    return (*elements)[index];
}

} // namespace

bool isScript(std::string_view name)
{
    return name.ends_with(".js") || name.ends_with(".mjs");
}

bool isTest(std::string_view name)
{
    return name.starts_with(testsFolder) && name.substr(testsFolder.size()).starts_with('/') && name.ends_with(".json");
}

const DomainFile *DomainFolder::find(std::string_view name) const
{
    const auto found = std::find_if(files.begin(), files.end(), [name](const auto &file) { return file.name == name; });
    return found == files.end() ? nullptr : &*found;
}

Result<DomainFolder> readDomainFolder(const std::string &path)
{
    std::error_code error;
    const auto root = fs::path(path).lexically_normal();
    if (!fs::is_directory(root, error))
        return fail(ErrorCode::NotFound, "there is no such folder", path, "Name the folder that holds domain.json.");
    auto files = readFiles(root, [](const std::string &name) { return decides(name) && !isTest(name); });
    if (!files)
        return fail(files.error());
    return finished(path, std::move(*files));
}

Result<DomainFolder> domainFolderOf(const std::vector<DomainFile> &files)
{
    std::vector<DomainFile> deciding;
    std::size_t total = 0;
    for (const auto &file : files) {
        if (!isPlainName(file.name)) {
            return fail(ErrorCode::InvalidArgument, "not the name of a file inside a domain folder", file.name,
                        "Name it relative to the folder, with slashes.");
        }
        total += file.bytes.size();
        if (decides(file.name) && !isTest(file.name))
            deciding.push_back(file);
    }
    if (files.size() > filesMax || total > bytesMax)
        return tooLarge({});
    std::sort(deciding.begin(), deciding.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
    const auto twice = std::adjacent_find(deciding.begin(), deciding.end(),
                                          [](const auto &a, const auto &b) { return a.name == b.name; });
    if (twice != deciding.end())
        return fail(ErrorCode::InvalidArgument, "a file is there twice", twice->name);
    return finished({}, std::move(deciding));
}

Result<std::vector<DomainFile>> readTestFiles(const std::string &path)
{
    std::error_code error;
    const auto root = fs::path(path) / testsFolder;
    if (!fs::is_directory(root, error))
        return std::vector<DomainFile>();
    auto files = readFiles(root, [](const std::string &name) { return name.ends_with(".json"); });
    if (!files)
        return files;
    for (auto &file : *files)
        file.name = std::string(testsFolder) + '/' + file.name;
    return files;
}

TextPlace placeOf(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto lineBegin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {static_cast<std::uint32_t>(lines + 1), static_cast<std::uint32_t>(before.size() - lineBegin + 1)};
}

std::string_view lineOf(std::string_view text, std::uint32_t line)
{
    for (; line > 1; --line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos)
            return {};
        text.remove_prefix(end + 1);
    }
    text = text.substr(0, text.find('\n'));
    const auto first = text.find_first_not_of(" \t\r");
    if (line == 0 || first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

TextPlace locatePointer(std::string_view text, std::string_view pointer)
{
    std::string_view value = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        const auto child = childOf(value, unescaped(pointer.substr(0, end)));
        if (!child)
            break;
        value = *child;
        pointer.remove_prefix(end);
    }
    return placeOf(text, static_cast<std::size_t>(value.data() - text.data()));
}

DomainProblem problemOfJson(const DomainFile &file, const Error &error)
{
    std::size_t offset = 0;
    if (!error.details.empty() && error.details.front().pointer.starts_with('@')) {
        const auto &place = error.details.front().pointer;
        std::from_chars(place.data() + 1, place.data() + place.size(), offset);
    }
    const auto place = placeOf(file.bytes, offset);
    return {file.name, place.line, place.column, {}, error.what, error.remedy};
}

} // namespace commander::script
