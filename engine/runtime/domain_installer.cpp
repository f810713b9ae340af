// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/domain_installer.h"

#include "system/consumers_domain.h"
#include "system/system_domain.h"
#include "system/system_words.h"

#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace commander {

namespace {

constexpr std::size_t readAtOnce = 256;

DomainProblem problemOf(const Error &error)
{
    return {"domain.json", 0, 0, {}, error.what + (error.where.empty() ? "" : " (" + error.where + ")"), error.remedy};
}

Result<Hash256> hashFromHex(std::string_view text)
{
    Hash256 hash{};
    const auto wrong = [&] { return fail(ErrorCode::InvalidArgument, "not 64 hexadecimal digits", std::string(text)); };
    if (text.size() != 2 * hash.size())
        return wrong();
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const auto *const digits = text.data() + 2 * i;
        if (std::from_chars(digits, digits + 2, hash[i], 16).ptr != digits + 2)
            return wrong();
    }
    return hash;
}

/// Of the engine itself.
bool isOwn(std::string_view domain)
{
    return domain == system::domainName || domain == system::domainsName || domain == system::consumersName;
}

std::vector<std::string> viewsBeyond(const DomainRegistry &before, const DomainRegistry &after)
{
    std::vector<std::string> names;
    for (const auto &view : before.views()) {
        if (!after.findView(view.spec->name))
            names.push_back(view.spec->name);
    }
    return names;
}

Result<InstalledDomain> readInstalled(const Record &event)
{
    const auto data = parseJson(event.data);
    if (!data)
        return fail(data.error());
    InstalledDomain installed;
    installed.name = data->stringAt("name");
    installed.version = static_cast<std::uint32_t>(data->integerAt("version").value_or(0));
    installed.position = event.position;
    installed.command = event.parent;
    const auto hash = hashFromHex(data->stringAt("hash"));
    if (!hash || installed.name.empty()) {
        return fail(ErrorCode::DomainFault, "an installation cannot be read",
                    "position " + std::to_string(event.position.value), "Open the workspace with a newer Commander.");
    }
    installed.hash = *hash;
    return installed;
}

} // namespace

DomainInstaller::DomainInstaller(Options options) : m_options(std::move(options)), m_checker(m_options.loader) { }

Result<std::unique_ptr<DomainInstaller>> DomainInstaller::open(Options options)
{
    std::unique_ptr<DomainInstaller> installer(new DomainInstaller(std::move(options)));
    if (auto started = installer->start(); !started)
        return fail(started.error());
    return installer;
}

Result<void> DomainInstaller::start()
{
    m_domains = m_options.base;
    m_domains.push_back(makeSystemDomain());
    m_domains.push_back(makeInstallDomain(*this));
    m_domains.push_back(makeConsumersDomain());
    for (const auto &files : m_options.lent) {
        auto loaded = m_checker.load(files);
        if (!loaded.domain)
            return fail(refused(std::move(loaded.problems)));
        m_domains = withDomain(std::move(m_domains), std::move(loaded.domain));
    }
    auto installed = readNew(m_next);
    if (!installed)
        return fail(installed.error());
    // Only the newest version of each decides; the order is that of the first installation, as in a running engine.
    std::map<std::string_view, const InstalledDomain *> newest;
    for (const auto &one : *installed)
        newest[one.name] = &one;
    std::set<std::string_view> placed;
    for (const auto &one : *installed) {
        if (!placed.insert(one.name).second)
            continue;
        auto domain = load(*newest[one.name]);
        if (!domain)
            return fail(domain.error());
        m_domains = withDomain(std::move(m_domains), std::move(*domain));
    }
    auto registry = DomainRegistry::create(m_domains);
    if (!registry)
        return fail(registry.error());
    m_installed = std::move(*installed);
    m_catalog = std::make_unique<DomainCatalog>(std::move(*registry));
    return {};
}

void DomainInstaller::attach(Commands &commands, ViewVersionKeeper &views,
                             std::function<std::optional<Error>()> decidesNoMore)
{
    m_commands = &commands;
    m_decidesNoMore = std::move(decidesNoMore);
    m_views.emplace(m_options.ledger, views);
}

void DomainInstaller::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_all();
}

DomainInstaller::DomainList DomainInstaller::domains() const
{
    const std::scoped_lock lock(m_mutex);
    return m_domains;
}

std::vector<FoldBinding> DomainInstaller::folds() const
{
    std::vector<FoldBinding> folds;
    for (const auto &domain : domains()) {
        for (auto &fold : foldsOf(domain))
            folds.push_back(std::move(fold));
    }
    return folds;
}

Result<std::vector<InstalledDomain>> DomainInstaller::readNew(Offset &next)
{
    std::vector<InstalledDomain> all;
    for (;;) {
        const auto records = m_options.ledger.read({std::string(system::domainsTopic), 0}, next, readAtOnce);
        if (!records)
            return fail(records.error());
        if (records->empty())
            return all;
        for (const auto &record : *records) {
            if (record->action != system::domainInstalled)
                continue;
            auto installed = readInstalled(*record);
            if (!installed)
                return fail(installed.error());
            all.push_back(std::move(*installed));
        }
        next = records->back()->offset.next();
    }
}

Result<std::shared_ptr<const Domain>> DomainInstaller::load(const InstalledDomain &installed)
{
    const auto where = installed.name + ", installed at position " + std::to_string(installed.position.value);
    const auto command = m_options.ledger.find(installed.command);
    if (!command)
        return fail(command.error());
    const auto files = readInstallation((*command)->data);
    if (!files)
        return fail(files.error());
    auto loaded = m_checker.load(*files);
    if (!loaded.domain) {
        return fail(ErrorCode::DomainFault,
                    "the workspace's domain cannot be loaded: " + loaded.problems.front().text(), where,
                    "Open the workspace with the Commander that installed it.");
    }
    if (loaded.domain->description().hash != installed.hash) {
        return fail(ErrorCode::DomainFault, "the workspace's domain is not what was installed", where,
                    "Verify the ledger.");
    }
    return std::move(loaded.domain);
}

bool DomainInstaller::concerns(const Record &command) const
{
    return command.action == system::installDomain;
}

std::shared_ptr<const PreparedInstallation> DomainInstaller::prepared(const Uuid &command) const
{
    const std::scoped_lock lock(m_mutex);
    return m_prepared && m_prepared->command == command ? m_prepared : nullptr;
}

Result<CheckedDomain> DomainInstaller::examine(const std::vector<DomainFile> &files, std::stop_token stop)
{
    auto checked = m_checker.check(files);
    if (!checked.problems.empty())
        return checked;
    const auto &description = checked.domain->description();
    if (isOwn(description.name)) {
        checked.problems.push_back(
            {"domain.json", 0, 0, "/name", "the name " + description.name + " is the engine's own", "Choose another."});
        return checked;
    }
    if (auto registry = DomainRegistry::create(withDomain(domains(), checked.domain)); !registry) {
        checked.problems.push_back(problemOf(registry.error()));
        return checked;
    }
    auto problems = m_views->build(checked.domain, [this, &stop] {
        const std::scoped_lock lock(m_mutex);
        return m_closed || stop.stop_requested();
    });
    if (!problems && problems.error().code == ErrorCode::InvalidArgument)
        checked.problems.push_back(problemOf(problems.error()));
    else if (!problems)
        return fail(problems.error());
    else
        checked.problems = std::move(*problems);
    return checked;
}

Result<void> DomainInstaller::prepare(const Record &command, std::stop_token stop)
{
    PreparedInstallation prepared;
    prepared.command = command.id;
    if (const auto files = readInstallation(command.data); files) {
        auto checked = examine(*files, std::move(stop));
        if (!checked)
            return fail(checked.error());
        prepared.problems = std::move(checked->problems);
        if (checked->domain) {
            const auto &description = checked->domain->description();
            prepared.name = description.name;
            prepared.version = description.version;
            prepared.hash = description.hash;
        }
    } else {
        prepared.problems.push_back(problemOf(files.error()));
    }
    const std::scoped_lock lock(m_mutex);
    m_problems = prepared.problems;
    m_prepared = std::make_shared<const PreparedInstallation>(std::move(prepared));
    return {};
}

Result<void> DomainInstaller::takeOver(std::stop_token stop)
{
    {
        // One that began to wait instead is decided later, together with others: it finds nothing prepared.
        const std::scoped_lock lock(m_mutex);
        m_prepared.reset();
    }
    auto next = m_next;
    const auto fresh = readNew(next);
    if (!fresh)
        return fail(fresh.error());
    if (fresh->empty())
        return {};
    std::map<std::string_view, const InstalledDomain *> newest;
    for (const auto &one : *fresh)
        newest[one.name] = &one;
    auto all = domains();
    DomainList changed;
    for (const auto &[name, one] : newest) {
        auto domain = load(*one);
        if (!domain)
            return fail(domain.error());
        changed.push_back(*domain);
        all = withDomain(std::move(all), std::move(*domain));
    }
    auto registry = DomainRegistry::create(all);
    if (!registry)
        return fail(registry.error());
    for (const auto &domain : changed) {
        // It was built before the installation was decided: this only draws level.
        const auto built = m_views->build(domain, [&stop] { return stop.stop_requested(); });
        if (!built)
            return fail(built.error());
        if (!built->empty())
            return fail(ErrorCode::DomainFault, built->front().text(), domain->description().name);
    }
    if (auto decided = m_views->decideWith(changed, viewsBeyond(*m_catalog->current(), **registry)); !decided)
        return decided;
    m_catalog->exchange(std::move(*registry));
    m_next = next;
    {
        const std::scoped_lock lock(m_mutex);
        m_domains = std::move(all);
        m_installed.insert(m_installed.end(), fresh->begin(), fresh->end());
    }
    m_changed.notify_all();
    return {};
}

std::vector<InstalledDomain> DomainInstaller::installed() const
{
    const std::scoped_lock lock(m_mutex);
    std::set<std::string_view> replaced;
    for (const auto &one : m_installed)
        replaced.insert(one.name);
    std::vector<InstalledDomain> all;
    for (const auto &domain : m_domains) {
        const auto &description = domain->description();
        if (!replaced.contains(description.name))
            all.push_back({description.name, description.version, description.hash, {}, {}, true});
    }
    const auto first = all.size();
    all.insert(all.end(), m_installed.begin(), m_installed.end());
    std::set<std::string_view> seen;
    for (auto i = all.size(); i-- > first;)
        all[i].runs = seen.insert(all[i].name).second;
    return all;
}

std::vector<std::shared_ptr<const Domain>> DomainInstaller::running() const
{
    auto running = domains();
    std::erase_if(running, [](const auto &domain) { return isOwn(domain->description().name); });
    return running;
}

std::vector<DomainProblem> DomainInstaller::problems() const
{
    const std::scoped_lock lock(m_mutex);
    return m_problems;
}

void DomainInstaller::note(std::vector<DomainProblem> problems)
{
    const std::scoped_lock lock(m_mutex);
    m_problems = std::move(problems);
}

} // namespace commander
