// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/versions_dialog.h"

#include "models/format.h"
#include "models/words.h"
#include "views/version_text.h"
#include "widgets/banner.h"
#include "widgets/labels.h"

#include <commander/script_domain.h>

#include <algorithm>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int refreshMs = 500;
constexpr int valueCharacters = 200;
enum Column { View, Version, State, PositionColumn, Documents, Speed };
} // namespace

VersionsDialog::VersionsDialog(EngineLink &link, Theme &theme, bool readOnly, QWidget *parent)
    : QDialog(parent), m_link(link), m_theme(theme), m_readOnly(readOnly), m_comparison(link),
      m_error(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)), m_table(new QTreeWidget),
      m_rows(new QTreeWidget), m_counts(makeLabel(LabelRole::Muted))
{
    setWindowTitle(tr("Versions of views"));
    resize(980, 680);
    auto *intro = makeLabel(LabelRole::Muted,
                            tr("A changed fold is built beside what serves, from the first event on. Compare the two, "
                               "then let the new one serve; the old one is kept to go back to."));
    intro->setWordWrap(true);
    makeTables();
    m_error->hide();
    m_counts->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 14);
    column->setSpacing(10);
    column->addWidget(intro);
    column->addWidget(m_error);
    column->addWidget(m_table, 2);
    column->addLayout(makeButtons());
    column->addWidget(makeConfirm());
    column->addWidget(m_counts);
    column->addWidget(m_rows, 3);

    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &VersionsDialog::ask);
    connect(m_table, &QTreeWidget::currentItemChanged, this, [this] {
        want(Change::None);
        updateButtons();
    });
    connect(&m_comparison, &VersionComparison::advanced, this, &VersionsDialog::showComparison);
    connect(&m_comparison, &VersionComparison::failed, this, &VersionsDialog::showError);
    m_timer.start();
    showComparison();
    updateButtons();
    ask();
}

void VersionsDialog::makeTables()
{
    const auto prepare = [](QTreeWidget *table, const QString &name, const QStringList &headers) {
        table->setAccessibleName(name);
        table->setHeaderLabels(headers);
        table->setUniformRowHeights(true);
        table->setTextElideMode(Qt::ElideMiddle);
    };
    prepare(m_table, tr("Versions"),
            {tr("View"), tr("Version"), tr("State"), tr("Position"), tr("Documents"), tr("Speed, time left")});
    m_table->setRootIsDecorated(false);
    m_table->header()->resizeSection(View, 180);
    m_table->header()->resizeSection(Version, 120);
    m_table->header()->resizeSection(State, 210);
    m_table->header()->resizeSection(PositionColumn, 170);
    prepare(m_rows, tr("Documents that differ"), {tr("Document or field"), tr("In what serves"), tr("In the other")});
    m_rows->header()->resizeSection(0, 300);
    m_rows->header()->resizeSection(1, 290);
}

QLayout *VersionsDialog::makeButtons()
{
    const auto add = [this](const QString &text, const QString &tip, auto slot) {
        auto *button = new QPushButton(text);
        button->setToolTip(tip);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, slot);
        return button;
    };
    m_compare = add(tr("Compare"), tr("Compare it row by row with what serves"), &VersionsDialog::compare);
    m_promote = add(tr("Let it serve…"), tr("Every read is answered from this version from then on"),
                    [this] { want(Change::Promote); });
    m_rollBack
        = add(tr("Go back…"), tr("Let the version serve again that served before"), [this] { want(Change::RollBack); });
    m_cancel = add(tr("Stop building"), tr("Stop building and discard what is built"), [this] {
        if (const auto *version = selected())
            run([id = version->id](Engine &engine) { return engine.viewVersions().cancel(id); });
    });
    m_drop = add(tr("Discard…"), tr("Delete this version's documents; they can be built again"),
                 [this] { want(Change::Drop); });
    m_build = add(tr("Build from a folder…"), tr("Build the views of a domain's folder beside those that serve"),
                  &VersionsDialog::chooseFolder);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    for (auto *button : {m_compare, m_promote, m_rollBack, m_cancel, m_drop})
        row->addWidget(button);
    row->addStretch(1);
    row->addWidget(m_build);
    return row;
}

QWidget *VersionsDialog::makeConfirm()
{
    m_confirm = new QFrame;
    m_confirm->setProperty("inset", true);
    m_question = makeLabel(LabelRole::Body);
    m_question->setWordWrap(true);
    m_yes = new QPushButton(tr("Let it serve"));
    m_yes->setProperty("primary", true);
    m_yes->setAutoDefault(false);
    auto *no = new QPushButton(tr("Leave it as it is"));
    no->setAutoDefault(false);
    auto *row = new QHBoxLayout(m_confirm);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(8);
    row->addWidget(m_question, 1);
    row->addWidget(no);
    row->addWidget(m_yes);
    m_confirm->hide();
    connect(m_yes, &QPushButton::clicked, this, &VersionsDialog::carryOut);
    connect(no, &QPushButton::clicked, this, [this] { want(Change::None); });
    return m_confirm;
}

void VersionsDialog::ask()
{
    if (!isVisible() && !m_versions.empty())
        return;
    if (m_askVersions.isPending())
        return;
    m_link.ask<std::vector<ViewVersionStatus>>(
        m_askVersions,
        [](Engine &engine, std::stop_token) -> Result<std::vector<ViewVersionStatus>> {
            return engine.viewVersions().list();
        },
        [this](Result<std::vector<ViewVersionStatus>> versions) {
            if (versions)
                takeVersions(std::move(*versions));
            else
                showError(versions.error());
        });
}

void VersionsDialog::takeVersions(std::vector<ViewVersionStatus> versions)
{
    m_versions = std::move(versions);
    showVersions();
    updateButtons();
}

void VersionsDialog::showVersions()
{
    // Rows are kept while the versions are the same, so that nobody's selection jumps.
    while (m_table->topLevelItemCount() > int(m_versions.size()))
        delete m_table->takeTopLevelItem(m_table->topLevelItemCount() - 1);
    while (m_table->topLevelItemCount() < int(m_versions.size()))
        new QTreeWidgetItem(m_table);
    for (std::size_t i = 0; i < m_versions.size(); ++i) {
        const auto &version = m_versions[i];
        auto *item = m_table->topLevelItem(int(i));
        const QStringList texts{toText(version.id.view), toText(version.id.label()),     stateText(version),
                                positionText(version),   formatCount(version.documents), speedText(version)};
        for (int column = 0; column < texts.size(); ++column) {
            item->setText(column, texts[column]);
            item->setToolTip(column, version.error.empty() ? texts[column] : toText(version.error));
        }
        item->setIcon(State, m_theme.icon(stateIcon(version.state), m_theme.color(stateTone(version.state))));
    }
    if (!m_table->currentItem() && m_table->topLevelItemCount() > 0)
        m_table->setCurrentItem(m_table->topLevelItem(0));
}

const ViewVersionStatus *VersionsDialog::selected() const
{
    const int row = m_table->indexOfTopLevelItem(m_table->currentItem());
    return row >= 0 && row < int(m_versions.size()) ? &m_versions[std::size_t(row)] : nullptr;
}

const ViewVersionStatus *VersionsDialog::servingOf(const std::string &view) const
{
    const auto found = std::find_if(m_versions.begin(), m_versions.end(), [&view](const ViewVersionStatus &one) {
        return one.id.view == view && one.state == ViewVersionState::Serving;
    });
    return found == m_versions.end() ? nullptr : &*found;
}

const ViewVersionStatus *VersionsDialog::keptOf(const std::string &view) const
{
    const auto found = std::find_if(m_versions.rbegin(), m_versions.rend(), [&view](const ViewVersionStatus &one) {
        return one.id.view == view && one.state == ViewVersionState::Kept;
    });
    return found == m_versions.rend() ? nullptr : &*found;
}

void VersionsDialog::updateButtons()
{
    const auto *version = selected();
    const auto is = [version](auto... states) { return version && ((version->state == states) || ...); };
    using S = ViewVersionState;
    const bool write = !m_readOnly && !m_askChange.isPending();
    m_build->setEnabled(write);
    m_compare->setEnabled(is(S::Ready, S::Kept) && servingOf(version->id.view));
    m_promote->setEnabled(write && is(S::Ready, S::Kept));
    m_rollBack->setEnabled(write && is(S::Serving) && keptOf(version->id.view));
    m_cancel->setEnabled(write && is(S::Building));
    m_drop->setEnabled(write && is(S::Ready, S::Kept, S::Waiting, S::Stopped) && !version->decides);
}

void VersionsDialog::compare()
{
    const auto *version = selected();
    const auto *serving = version ? servingOf(version->id.view) : nullptr;
    if (!serving || serving == version)
        return;
    m_error->hide();
    startComparison(serving->id, version->id);
}

void VersionsDialog::startComparison(const ViewVersionId &from, const ViewVersionId &to)
{
    m_comparison.start(from, to);
    m_rows->clear();
    showComparison();
}

void VersionsDialog::showComparison()
{
    const auto &counts = m_comparison.counts();
    if (m_comparison.to().view.empty()) {
        m_counts->setText(tr("Compare shows here what differs, document by document."));
        return;
    }
    m_counts->setText(tr("%1 and %2 at position %3: %4 of %5 documents compared are the same, %6 changed, %7 added, "
                         "%8 removed.")
                          .arg(toText(m_comparison.from().label()), toText(m_comparison.to().label()),
                               formatCount(m_comparison.at().value), formatCount(counts.same),
                               formatCount(counts.all()), formatCount(counts.changed), formatCount(counts.added))
                          .arg(formatCount(counts.removed))
                      + (m_comparison.isComplete() ? QString() : u' ' + tr("Still comparing…")));
    if (m_rows->topLevelItemCount() > int(m_comparison.rows().size()))
        m_rows->clear(); // another comparison
    for (std::size_t i = std::size_t(m_rows->topLevelItemCount()); i < m_comparison.rows().size(); ++i) {
        const auto &row = m_comparison.rows()[i];
        auto *item = new QTreeWidgetItem(m_rows, {u"%1 · %2"_s.arg(toText(row.key), rowKindText(row.kind))});
        item->setIcon(0, m_theme.icon(u"document"_s, m_theme.color(rowTone(row.kind))));
        for (const auto &field : row.fields) {
            const auto value = [](const std::optional<std::string> &json) {
                return json ? previewText(*json, valueCharacters) : u"–"_s;
            };
            auto *line = new QTreeWidgetItem(item,
                                             {field.pointer.empty() ? tr("the whole document") : toText(field.pointer),
                                              value(field.before), value(field.after)});
            for (int column = 0; column < 3; ++column)
                line->setToolTip(column, line->text(column));
        }
    }
    if (m_rows->topLevelItemCount() <= 20)
        m_rows->expandAll();
    if (m_wanted != Change::None)
        showConfirm();
}

void VersionsDialog::want(Change change)
{
    m_wanted = change;
    const auto *version = selected();
    m_confirm->hide();
    if (change == Change::None || !version)
        return;
    const auto *target = change == Change::RollBack ? keptOf(version->id.view) : version;
    const auto *serving = servingOf(version->id.view);
    if (!target)
        return;
    m_wantedId = target->id;
    // Nobody switches blindly: the counts first, unless there is nothing to compare with.
    const bool compared = serving && m_comparison.from() == serving->id && m_comparison.to() == target->id;
    if (change != Change::Drop && serving && !(compared && (m_comparison.isComplete() || m_comparison.isRunning())))
        startComparison(serving->id, target->id);
    showConfirm();
}

void VersionsDialog::showConfirm()
{
    const QString name = u"%1 %2"_s.arg(toText(m_wantedId.view), toText(m_wantedId.label()));
    const bool needsCounts = m_wanted != Change::Drop && m_comparison.to() == m_wantedId;
    const bool ready = !needsCounts || m_comparison.isComplete();
    if (m_wanted == Change::Drop) {
        m_question->setText(tr("Discard %1 with its documents?").arg(name));
        m_yes->setText(tr("Discard"));
    } else {
        const auto &counts = m_comparison.counts();
        QString text = m_wanted == Change::Promote ? tr("Let %1 serve?").arg(name) : tr("Go back to %1?").arg(name);
        if (needsCounts)
            text += u' '
                + (ready ? tr("Of %1 documents, %2 are the same, %3 changed, %4 added and %5 removed.")
                               .arg(formatCount(counts.all()), formatCount(counts.same), formatCount(counts.changed),
                                    formatCount(counts.added), formatCount(counts.removed))
                         : tr("Comparing first…"));
        m_question->setText(text);
        m_yes->setText(m_wanted == Change::Promote ? tr("Let it serve") : tr("Go back"));
    }
    m_yes->setEnabled(ready);
    m_confirm->show();
}

void VersionsDialog::carryOut()
{
    const Change change = m_wanted;
    const ViewVersionId id = m_wantedId;
    want(Change::None);
    switch (change) {
    case Change::None:
        return;
    case Change::Promote:
        return run([id](Engine &engine) { return engine.viewVersions().promote({id}); });
    case Change::RollBack:
        return run([id](Engine &engine) -> Result<void> {
            if (auto back = engine.viewVersions().rollback(id.view); !back)
                return fail(std::move(back.error()));
            return {};
        });
    case Change::Drop:
        return run([id](Engine &engine) { return engine.viewVersions().drop(id); });
    }
}

void VersionsDialog::chooseFolder()
{
    const auto folder = QFileDialog::getExistingDirectory(this, tr("The folder of a domain"));
    if (!folder.isEmpty())
        buildFrom(folder);
}

void VersionsDialog::buildFrom(const QString &folder)
{
    run([path = QFile::encodeName(folder).toStdString()](Engine &engine) -> Result<void> {
        const auto files = readDomainFiles(path);
        if (!files)
            return fail(files.error());
        const auto domain = engine.domains().load(*files);
        if (!domain)
            return fail(domain.error());
        const auto &views = (*domain)->description().views;
        if (views.empty())
            return fail(ErrorCode::InvalidArgument, "this domain has no views", path, "Choose another folder.");
        for (const auto &view : views) {
            if (const auto started = engine.viewVersions().start({*domain, view}); !started)
                return fail(started.error());
        }
        return {};
    });
}

void VersionsDialog::run(std::function<Result<void>(Engine &)> change)
{
    m_error->hide();
    m_link.ask<void>(
        m_askChange, [change = std::move(change)](Engine &engine, std::stop_token) { return change(engine); },
        [this](const Result<void> &done) {
            if (!done)
                showError(done.error());
            ask();
            updateButtons();
        });
    updateButtons();
}

void VersionsDialog::showError(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    want(Change::None);
    m_error->setText(errorText(error));
    m_error->show();
}

} // namespace commander::ui
