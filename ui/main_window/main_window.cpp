// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/main_window.h"

#include "help/help_window.h"
#include "main_window/header_strip.h"
#include "main_window/page.h"
#include "main_window/page_rail.h"
#include "main_window/page_registry.h"
#include "main_window/translations.h"
#include "models/format.h"
#include "widgets/banner.h"
#include "widgets/elided_label.h"
#include "widgets/labels.h"

#include <algorithm>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr auto geometryKey = "window/geometry"_L1;
constexpr auto pageKey = "window/page"_L1;
} // namespace

MainWindow::MainWindow(EngineLink &link, Selection &selection, Theme &theme, RestControl &rest, QWidget *parent)
    : QMainWindow(parent), m_link(link), m_selection(selection), m_theme(theme), m_meter(link),
      m_momentBanner(new Banner(theme, Theme::Tone::Warning, Banner::Weight::Loud, u"history"_s)),
      m_faultBanner(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)),
      m_domainBanner(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)),
      m_stack(new QStackedWidget)
{
    installTranslation(this);
    setWindowTitle(tr("Commander"));
    setWindowIcon(QIcon(u":/icons/commander.svg"_s));
    resize(1360, 860);
    setMinimumSize(900, 560);

    m_pages = createPages(link, selection, theme, rest, m_stack);
    for (Page *page : m_pages)
        m_stack->addWidget(page);
    m_rail = new PageRail(theme, m_pages);
    m_momentBanner->setAction(tr("Back to live"));
    m_momentBanner->hide();
    m_faultBanner->hide();
    m_domainBanner->setObjectName(u"domain problems"_s);
    m_domainBanner->hide();

    auto *centre = new QWidget;
    auto *row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(new HeaderStrip(m_meter, theme, [&rest] { return rest.status(); }));
    column->addWidget(m_faultBanner);
    column->addWidget(m_domainBanner);
    column->addWidget(m_momentBanner);
    column->addWidget(m_stack, 1);
    row->addWidget(m_rail);
    row->addLayout(column, 1);
    setCentralWidget(centre);
    makeStatusBar();

    connect(m_rail, &PageRail::chosen, this, [this](int index) { showPage(Selection::Page(index)); });
    connect(m_rail, &PageRail::helpWanted, this, &MainWindow::showHelp);
    connect(&selection, &Selection::pageRequested, this, &MainWindow::showPage);
    connect(&selection, &Selection::momentChanged, this, &MainWindow::showMoment);
    connect(&link, &EngineLink::progressed, this, &MainWindow::showMoment);
    connect(m_momentBanner, &Banner::acted, this, [this] { m_selection.setMoment(std::nullopt); });
    connect(&m_meter, &EngineMeter::measured, this, &MainWindow::showStatus);
    m_meter.start();
    showMoment();
    showPage(Selection::Page::Home);
}

MainWindow::~MainWindow() = default;

void MainWindow::makeStatusBar()
{
    m_stateIcon = new IconLabel(m_theme, u"check"_s, 14);
    m_state = makeLabel(LabelRole::Small);
    m_path = new ElidedLabel(Qt::ElideMiddle);
    m_path->setProperty("role", u"small"_s);
    auto *left = new QWidget;
    auto *row = new QHBoxLayout(left);
    row->setContentsMargins(12, 2, 12, 3);
    row->setSpacing(7);
    row->addWidget(m_stateIcon);
    row->addWidget(m_state);
    row->addStretch(1);
    row->addWidget(m_path);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(left, 1);
}

void MainWindow::showDomainProblems(const QString &folder, const QStringList &problems)
{
    constexpr qsizetype linesMax = 6;
    if (problems.isEmpty())
        m_domainProblems.remove(folder);
    else
        m_domainProblems[folder] = problems;
    QStringList lines;
    for (auto at = m_domainProblems.cbegin(); at != m_domainProblems.cend(); ++at) {
        lines << tr("%1 is not installed; the version before goes on:").arg(at.key());
        lines << at.value().mid(0, linesMax);
        if (const auto more = at.value().size() - linesMax; more > 0)
            lines << tr("… and %L1 more").arg(more);
    }
    m_domainBanner->setText(lines.join(u'\n'));
    m_domainBanner->setVisible(!lines.isEmpty());
}

void MainWindow::showPage(Selection::Page page)
{
    const int index = int(page);
    m_stack->setCurrentIndex(index);
    m_rail->setCurrent(index);
    updateActive();
}

Selection::Page MainWindow::currentPage() const
{
    return Selection::Page(m_stack->currentIndex());
}

Page &MainWindow::page(Selection::Page page)
{
    return *m_pages[std::size_t(page)];
}

void MainWindow::updateActive()
{
    Page *wanted = isVisible() && !isMinimized() ? m_pages[std::size_t(m_stack->currentIndex())] : nullptr;
    if (wanted == m_activePage)
        return;
    if (m_activePage)
        m_activePage->deactivate();
    m_activePage = wanted;
    if (m_activePage)
        m_activePage->activate();
}

void MainWindow::remember(QSettings &settings)
{
    m_settings = &settings;
    m_theme.remember(settings);
    restoreGeometry(settings.value(geometryKey).toByteArray());
    for (Page *page : m_pages)
        page->restoreState(settings);
    const int page = settings.value(pageKey, 0).toInt();
    if (page >= 0 && page < int(m_pages.size()))
        showPage(Selection::Page(page));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_settings) {
        m_settings->setValue(geometryKey, saveGeometry());
        m_settings->setValue(pageKey, m_stack->currentIndex());
        for (const Page *page : m_pages)
            page->saveState(*m_settings);
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        updateActive();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    updateActive();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    updateActive();
}

void MainWindow::showMoment()
{
    const auto moment = m_selection.moment();
    m_momentBanner->setVisible(moment.has_value());
    if (moment)
        m_momentBanner->setText(tr("Viewing position %1 of %2: views show the state of that moment.")
                                    .arg(formatCount(moment->value), formatCount(m_link.progress().ledger.value)));
}

void MainWindow::showHelp()
{
    if (!m_help)
        m_help = new HelpWindow(m_theme, this);
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
}

void MainWindow::showStatus()
{
    const EngineStatus &status = m_meter.status();
    QStringList faults;
    for (const std::string &fault : status.faults)
        faults << toText(fault);
    m_faultBanner->setVisible(!faults.isEmpty());
    m_faultBanner->setText(faults.join(u'\n'));

    m_path->setFullText(toText(status.ledgerPath));
    if (!faults.isEmpty()) {
        m_stateIcon->setIcon(u"failed"_s);
        m_stateIcon->setTone(Theme::Tone::Failed);
        m_state->setText(tr("%Ln part(s) of the engine stopped", nullptr, int(faults.size())));
        return;
    }
    const std::uint64_t head = status.progress.ledger.value;
    const std::uint64_t seen = std::min(status.progress.indexed.value, status.progress.viewed.value);
    const bool behind = head > seen;
    m_stateIcon->setIcon(behind ? u"clock"_s : u"check"_s);
    m_stateIcon->setTone(behind ? Theme::Tone::Pending : Theme::Tone::Succeeded);
    const QString durability = status.durability == Durability::Full
        ? tr("every record synced to disk")
        : tr("records survive a crash of the program only");
    m_state->setText(behind ? tr("Catching up: %1 records behind").arg(formatCount(head - seen))
                            : tr("All caught up · %1").arg(durability));
}

} // namespace commander::ui
