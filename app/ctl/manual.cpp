// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/manual.h"

#include "ctl/subcommands.h"
#include "ctl/terminal.h"
#include "ctl/workspace_argument.h"

#include <algorithm>
#include <string>
#include <vector>

namespace commander::ctl {

namespace {

/// An option or an argument as the help lists it.
struct Item {
    std::string names; ///< "-w, --workspace <FILE>"
    std::string description;

    [[nodiscard]] bool isOption() const { return names.starts_with('-'); }
    /// "FILE" of "-w, --workspace <FILE>"; empty: a switch.
    [[nodiscard]] std::string value() const
    {
        const auto begin = names.find('<');
        return begin == std::string::npos ? std::string() : names.substr(begin + 1, names.find('>') - begin - 1);
    }
    /// "-w", "--workspace"
    [[nodiscard]] std::vector<std::string> words() const
    {
        std::vector<std::string> all;
        std::string word;
        for (const char c : names.substr(0, names.find(" <")) + ' ') {
            if (c != ' ' && c != ',') {
                word += c;
            } else if (!word.empty()) {
                all.push_back(std::exchange(word, {}));
            }
        }
        return all;
    }
};

/// What a subcommand says of itself.
struct Help {
    std::string synopsis; ///< "commanderctl submit [options] ACTION DATA"
    std::string description;
    std::vector<Item> items;
};

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

/// "  -w, --workspace <FILE>  The ledger file" begins an item; what stands further in goes on with one.
void addItemLine(std::vector<Item> &items, const std::string &line)
{
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string::npos)
        return;
    if (begin > 2 && !items.empty()) {
        items.back().description += (items.back().description.empty() ? "" : " ") + line.substr(begin);
        return;
    }
    const auto gap = line.find("  ", begin);
    const auto text = gap == std::string::npos ? gap : line.find_first_not_of(' ', gap);
    items.push_back({line.substr(begin, gap == std::string::npos ? gap : gap - begin),
                     text == std::string::npos ? std::string() : line.substr(text)});
}

Help helpOf(const Subcommand &subcommand)
{
    std::string text;
    captureHelp(&text);
    const auto name = QStringLiteral("commanderctl ") + QLatin1String(subcommand.name);
    (void)subcommand.run({name, QStringLiteral("--help")});
    captureHelp(nullptr);
    Help help;
    bool inItems = false;
    for (const auto &line : linesOf(text)) {
        if (line.starts_with("Usage: ")) {
            const auto options = line.find(" [options]");
            help.synopsis = name.toStdString() + (options == std::string::npos ? "" : line.substr(options));
        } else if (line == "Options:" || line == "Arguments:") {
            inItems = true;
        } else if (inItems) {
            addItemLine(help.items, line);
        } else if (!line.empty()) {
            help.description += (help.description.empty() ? "" : "\n") + line;
        }
    }
    return help;
}

/// Text of a man page: no line may begin with a control character, and hyphens stay what they are.
std::string roff(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            (out += "\\&") += c;
        else
            out += c;
    }
    return out;
}

std::string manPage()
{
    std::string page = ".\\\" Made by \"commanderctl manual man\".\n"
                       ".TH COMMANDERCTL 1 \"\" \"Commander " COMMANDER_VERSION "\" \"User Commands\"\n"
                       ".SH NAME\ncommanderctl \\- record commands, read events and views, without a window\n"
                       ".SH SYNOPSIS\n.B commanderctl\n.I SUBCOMMAND\n[options]\n"
                       ".SH DESCRIPTION\n"
                       "Works on a workspace, the file of a ledger, or with \\fB\\-\\-url\\fR on a running server.\n"
                       "Records are printed as lines of JSON, their data byte for byte.\n.SH SUBCOMMANDS\n";
    for (const auto &subcommand : subcommands()) {
        const auto help = helpOf(subcommand);
        page += ".SS " + roff(subcommand.name) + "\n.B " + roff(help.synopsis) + "\n.PP\n";
        auto description = roff(help.description);
        for (auto at = description.find('\n'); at != std::string::npos; at = description.find('\n', at + 5))
            description.replace(at, 1, "\n.br\n");
        page += description + '\n';
        for (const auto &item : help.items)
            page += ".TP\n.B " + roff(item.names) + '\n' + roff(item.description) + '\n';
    }
    page += ".SH EXIT STATUS\n";
    for (const auto &[code, meaning] : exitCodes())
        page += ".TP\n.B " + std::to_string(code) + '\n' + roff(meaning) + '\n';
    page += ".SH EXAMPLES\n.nf\n"
            "commanderctl serve \\-\\-sandbox\n"
            "commanderctl submit \\-\\-url http://127.0.0.1:8080 open\\-account "
            "\\(aq{\"account\":\"1\",\"owner\":\"Ada\"}\\(aq\n"
            "commanderctl query \\-\\-url http://127.0.0.1:8080 \\-\\-view accounts\n"
            "commanderctl export \\-\\-workspace shop.ledger \\-\\-output shop.ndjson\n.fi\n";
    return page;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const auto &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string bashCompletion()
{
    std::string names;
    std::string cases;
    for (const auto &subcommand : subcommands()) {
        names.append(names.empty() ? "" : " ").append(subcommand.name);
        std::vector<std::string> options;
        std::vector<std::string> files;
        std::vector<std::string> folders;
        std::vector<std::string> others;
        for (const auto &item : helpOf(subcommand).items) {
            if (!item.isOption())
                continue;
            const auto value = item.value();
            for (const auto &word : item.words()) {
                options.push_back(word);
                if (!value.empty())
                    (value == "FILE" ? files : value == "DIR" ? folders : others).push_back(word);
            }
        }
        cases += std::string("    ") + subcommand.name + ")\n        options='" + joined(options) + "'\n        files='"
            + joined(files) + "'\n        folders='" + joined(folders) + "'\n        others='" + joined(others)
            + "' ;;\n";
    }
    return "# Made by \"commanderctl manual bash\".\n"
           "_commanderctl()\n{\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local options='' files='' folders='' others=''\n"
           "    COMPREPLY=()\n"
           "    if ((COMP_CWORD == 1)); then\n"
           "        mapfile -t COMPREPLY < <(compgen -W '"
        + names
        + " --help --version' -- \"$current\")\n        return\n    fi\n"
          "    case ${COMP_WORDS[1]} in\n"
        + cases
        + "    *) return ;;\n    esac\n"
          "    if [[ \" $folders \" == *\" $previous \"* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
          "    elif [[ \" $others \" == *\" $previous \"* ]]; then\n"
          "        return\n"
          "    elif [[ $current == -* && \" $files \" != *\" $previous \"* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
          "    else\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
          "    fi\n}\ncomplete -o filenames -F _commanderctl commanderctl\n";
}

} // namespace

int printManual(const QStringList &arguments)
{
    const auto form = arguments.size() > 1 ? arguments[1] : QString();
    if (form != u"man" && form != u"bash") {
        printError("manual prints man or bash: commanderctl manual man");
        return exitUsage;
    }
    return print(form == u"man" ? manPage() : bashCompletion()) ? exitDone : exitFailed;
}

} // namespace commander::ctl
