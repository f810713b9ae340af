// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/help_topics.h"

#include <algorithm>
#include <array>
#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

// Must stand outside of any namespace.
static void loadHelp()
{
    Q_INIT_RESOURCE(commander_help);
}

namespace commander::ui {

namespace {

constexpr std::array firstNames{"getting-started"_L1, "writing-a-domain"_L1, "test-client"_L1,
                                "filter-language"_L1, "operating"_L1,        "rest-security"_L1};
constexpr auto lastName = "third-party"_L1;

qsizetype rankOf(const QString &name)
{
    const auto found = std::ranges::find(firstNames, name);
    if (found != firstNames.end())
        return found - firstNames.begin();
    return qsizetype(firstNames.size()) + (name == lastName ? 1 : 0);
}

QString textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString titleOf(const QString &markdown)
{
    for (const auto &line : QStringView(markdown).split(u'\n')) {
        if (line.startsWith("# "_L1))
            return line.mid(2).trimmed().toString();
    }
    return {};
}

} // namespace

QList<HelpTopic> helpTopics()
{
    loadHelp();
    QList<HelpTopic> topics;
    const QDir folder(u":/help"_s);
    for (const auto &file : folder.entryList({u"*.md"_s}, QDir::Files, QDir::Name)) {
        HelpTopic topic;
        topic.name = file.chopped(3);
        topic.markdown = textOf(folder.filePath(file));
        topic.title = titleOf(topic.markdown);
        topics.append(topic);
    }
    std::ranges::stable_sort(topics, {}, [](const HelpTopic &topic) { return rankOf(topic.name); });
    return topics;
}

QString licenceText()
{
    loadHelp();
    return textOf(u":/help/LICENSE"_s);
}

} // namespace commander::ui
