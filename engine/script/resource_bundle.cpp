// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/resource_bundle.h"

#include <algorithm>
#include <map>
#include <memory>
#include <QResource>
#include <QString>

namespace commander::script {

namespace {

// The binary format of `rcc --binary`, version 1: header, data, names, tree. All numbers big-endian.
void append16(std::string &out, std::uint32_t value)
{
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value);
}
void append32(std::string &out, std::uint32_t value)
{
    append16(out, value >> 16);
    append16(out, value & 0xffff);
}

constexpr std::uint32_t anyLocale = 1; // any territory, language "C"

/// Children of a folder stand in the order of this hash.
std::uint32_t nameHash(const QString &name)
{
    std::uint32_t hash = 0;
    for (const auto c : name) {
        hash = (hash << 4) + c.unicode();
        hash ^= (hash & 0xf0000000u) >> 23;
        hash &= 0x0fffffffu;
    }
    return hash;
}

struct Node {
    const std::string *bytes = nullptr; ///< null: a folder
    std::map<std::string, std::unique_ptr<Node>> children;
    QString name;
    std::uint32_t hash = 0;
    std::uint32_t nameOffset = 0;
    std::uint32_t dataOffset = 0;
};

class Writer {
public:
    std::string write(Node &root)
    {
        place(root);
        std::vector<const Node *> order{&root};
        std::string tree;
        // Breadth first: the children of a folder stand side by side.
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto &node = *order[i];
            append32(tree, node.nameOffset);
            append16(tree, node.bytes ? 0 : 2);
            if (node.bytes) {
                append32(tree, anyLocale);
                append32(tree, node.dataOffset);
                continue;
            }
            append32(tree, static_cast<std::uint32_t>(node.children.size()));
            append32(tree, static_cast<std::uint32_t>(order.size()));
            const auto first = order.size();
            for (const auto &[name, child] : node.children)
                order.push_back(child.get());
            std::sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end(),
                      [](const Node *a, const Node *b) { return a->hash < b->hash; });
        }
        constexpr std::uint32_t headerBytes = 20;
        const auto names = headerBytes + static_cast<std::uint32_t>(m_data.size());
        std::string out = "qres";
        append32(out, 1);
        append32(out, names + static_cast<std::uint32_t>(m_names.size()));
        append32(out, headerBytes);
        append32(out, names);
        return out + m_data + m_names + tree;
    }

private:
    void place(Node &node)
    {
        node.nameOffset = static_cast<std::uint32_t>(m_names.size());
        append16(m_names, static_cast<std::uint32_t>(node.name.size()));
        append32(m_names, node.hash);
        for (const auto c : node.name)
            append16(m_names, c.unicode());
        if (node.bytes) {
            node.dataOffset = static_cast<std::uint32_t>(m_data.size());
            append32(m_data, static_cast<std::uint32_t>(node.bytes->size()));
            m_data += *node.bytes;
        }
        for (const auto &[name, child] : node.children)
            place(*child);
    }

    std::string m_data;
    std::string m_names;
};

std::string bundle(const std::string &folder, const std::vector<DomainFile> &files)
{
    Node root;
    for (const auto &file : files) {
        if (!isScript(file.name))
            continue;
        auto *node = &root;
        const auto path = folder + '/' + file.name;
        for (std::size_t begin = 0; begin <= path.size();) {
            const auto end = std::min(path.find('/', begin), path.size());
            const auto name = path.substr(begin, end - begin);
            auto &child = node->children[name];
            if (!child) {
                child = std::make_unique<Node>();
                child->name = QString::fromStdString(name);
                child->hash = nameHash(child->name);
            }
            node = child.get();
            begin = end + 1;
        }
        node->bytes = &file.bytes;
    }
    return Writer().write(root);
}

const uchar *bytesOf(const std::string &text)
{
    return reinterpret_cast<const uchar *>(text.data());
}

} // namespace

ResourceBundle::ResourceBundle(const std::string &name, const std::vector<DomainFile> &files)
    : m_root('/' + name), m_binary(bundle(name, files)), m_registered(QResource::registerResource(bytesOf(m_binary)))
{
}

ResourceBundle::~ResourceBundle()
{
    if (m_registered)
        QResource::unregisterResource(bytesOf(m_binary));
}

} // namespace commander::script
