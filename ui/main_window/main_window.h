// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/engine_meter.h"
#include "engine_link/selection.h"
#include "theme/theme.h"

#include <QMainWindow>
#include <QMap>
#include <vector>

class QLabel;
class QSettings;
class QStackedWidget;

namespace commander::ui {

class Banner;
class ElidedLabel;
class HelpWindow;
class IconLabel;
class Page;
class PageRail;
class RestControl;

/// The one window: rail, header, the page that is shown, and what is wrong if anything is. What it is given must
/// outlive it.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(EngineLink &link, Selection &selection, Theme &theme, RestControl &rest, QWidget *parent = nullptr);
    ~MainWindow() override;

    void showPage(Selection::Page page);
    [[nodiscard]] Selection::Page currentPage() const;
    [[nodiscard]] Page &page(Selection::Page page);
    /// Takes size, place and what the pages remember from the settings, and keeps them there when closed. The settings
    /// must outlive the window.
    void remember(QSettings &settings);
    /// What keeps a folder's domain from being installed, one line each; none takes the banner away.
    void showDomainProblems(const QString &folder, const QStringList &problems);

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeStatusBar();
    void showMoment();
    void showStatus();
    void showHelp();
    void updateActive(); ///< only the page that can be seen asks the engine

    EngineLink &m_link;
    Selection &m_selection;
    Theme &m_theme;
    QSettings *m_settings = nullptr;
    EngineMeter m_meter;
    std::vector<Page *> m_pages;
    Page *m_activePage = nullptr;
    PageRail *m_rail;
    Banner *m_momentBanner;
    Banner *m_faultBanner;
    Banner *m_domainBanner;
    QMap<QString, QStringList> m_domainProblems; ///< by folder
    QStackedWidget *m_stack;
    IconLabel *m_stateIcon;
    QLabel *m_state;
    ElidedLabel *m_path;
    HelpWindow *m_help = nullptr; ///< made when first asked for
};

} // namespace commander::ui
