// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/engine.h>

#include <memory>
#include <optional>
#include <QFutureWatcher>
#include <QObject>
#include <QSettings>
#include <string>
#include <vector>

namespace commander {

class DomainWatch;
class RestDesk;

namespace ui {
class EngineLink;
class MainWindow;
class RestControl;
class Selection;
class Theme;
} // namespace ui

struct ConsoleOptions {
    std::string ledgerPath;
    std::optional<std::uint16_t> port; ///< none = 8080 or the next free one
    bool rememberSettings = true;
    std::vector<std::string> domainFolders = {}; ///< installed whenever they are saved
};

/// One workspace with its engine, REST server and window, made and taken down in the right order. GUI thread.
class Console : public QObject {
    Q_OBJECT
public:
    explicit Console(ConsoleOptions options);
    ~Console() override;

    /// Opens the workspace on a worker; opened() or refused() follows.
    void open();

    // After opened()
    [[nodiscard]] Engine &engine() { return *m_engine; }
    [[nodiscard]] ui::EngineLink &link() { return *m_link; }
    [[nodiscard]] ui::RestControl &rest();
    [[nodiscard]] ui::Selection &selection() { return *m_selection; }
    [[nodiscard]] ui::Theme &theme() { return *m_theme; }
    [[nodiscard]] ui::MainWindow &window() { return *m_window; }

Q_SIGNALS:
    void opened();
    void refused(const commander::Error &error);

private:
    void show(std::unique_ptr<Engine> engine);

    const ConsoleOptions m_options;
    QSettings m_settings;
    QFutureWatcher<std::shared_ptr<Result<std::unique_ptr<Engine>>>> m_opening;
    // In the order in which they need each other
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<RestDesk> m_rest;
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<ui::Selection> m_selection;
    std::unique_ptr<ui::EngineLink> m_link;
    std::unique_ptr<ui::MainWindow> m_window;
    std::vector<std::unique_ptr<DomainWatch>> m_watches;
};

} // namespace commander
