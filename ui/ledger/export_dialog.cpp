// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/export_dialog.h"

#include "models/filter_text.h"
#include "models/format.h"
#include "models/words.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <commander/filter.h>

#include <QCheckBox>
#include <QCoreApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int refreshMs = 100;
constexpr int barSteps = 1000;

/// On a worker. The file appears when it is whole.
Result<ExportReport> writeFile(Engine &engine, ExportOptions options, const RecordFilter &filter, const QString &path,
                               const std::function<void(std::uint64_t, std::uint64_t)> &progress,
                               const std::stop_token &stop)
{
    if (!filter.matchesAll()) {
        options.filterText = filterText(filter);
        options.accepts = [&engine, filter](const Record &record) {
            return filter.matches(record, [&engine](const Record &asked) -> std::optional<CommandStatus> {
                if (asked.kind != RecordKind::Command)
                    return std::nullopt;
                const auto status = engine.records().status(asked.id);
                return status ? std::optional(*status) : std::nullopt;
            });
        };
    }
    const auto writer = LedgerExport::begin(engine.ledger(), std::move(options));
    if (!writer)
        return fail(writer.error());
    QSaveFile file(path);
    const auto refused = [&file, &path] {
        return fail(ErrorCode::IoError, "cannot write the file: " + toUtf8(file.errorString()), toUtf8(path));
    };
    if (!file.open(QIODevice::WriteOnly))
        return refused();
    auto report = (*writer)->write(
        [&file, &refused](std::string_view bytes) -> Result<void> {
            if (file.write(bytes.data(), qint64(bytes.size())) != qint64(bytes.size()))
                return refused();
            return {};
        },
        stop, [&progress](std::string_view, std::uint64_t done, std::uint64_t total) { progress(done, total); });
    if (report && stop.stop_requested())
        return fail(ErrorCode::Cancelled, "stopped"); // the unfinished file goes
    if (report && !file.commit())
        return refused();
    return report;
}

} // namespace

ExportDialog::ExportDialog(EngineLink &link, RecordFilter filter, QWidget *parent)
    : QDialog(parent), m_link(link), m_filter(std::move(filter)), m_done(std::make_shared<Done>()),
      m_format(new SegmentedControl(tr("Format"), {tr("NDJSON"), tr("CSV")})), m_csv(new QWidget),
      m_fields(new QLineEdit), m_guard(new QCheckBox(tr("Guard texts that a spreadsheet would run as formulas"))),
      m_bar(new QProgressBar), m_state(makeLabel(LabelRole::Body)), m_save(new QPushButton(tr("Export…"))),
      m_close(new QPushButton)
{
    setWindowTitle(tr("Export records"));
    setMinimumWidth(560);
    const bool all = m_filter.matchesAll();
    auto *scope = makeLabel(LabelRole::Body,
                            all ? tr("Every record of the ledger.")
                                : tr("Every record that fits the filter: %1").arg(toText(filterText(m_filter))));
    scope->setWordWrap(true);
    auto *what = makeLabel(LabelRole::Small,
                           all ? tr("NDJSON keeps every byte and can be imported again; CSV is for spreadsheets.")
                               : tr("NDJSON keeps every byte; CSV is for spreadsheets. Only an export without a filter "
                                    "can be imported again."));
    what->setWordWrap(true);
    m_fields->setPlaceholderText(tr("/amount /from_account: a column each; none: all of the data in one"));
    m_fields->setAccessibleName(tr("Fields of the data, as JSON pointers"));
    m_guard->setChecked(true);
    m_bar->setRange(0, barSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the export"));
    m_bar->hide();
    m_state->setWordWrap(true);
    m_save->setProperty("primary", true);
    m_save->setDefault(true);
    auto *csv = new QVBoxLayout(m_csv);
    csv->setContentsMargins(0, 0, 0, 0);
    csv->setSpacing(8);
    auto *fieldsLabel = makeLabel(LabelRole::Muted, tr("Fields of the data"));
    fieldsLabel->setBuddy(m_fields);
    csv->addWidget(fieldsLabel);
    csv->addWidget(m_fields);
    csv->addWidget(m_guard);
    m_csv->hide();

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 18, 18, 14);
    column->setSpacing(12);
    column->addWidget(scope);
    column->addWidget(m_format);
    column->addWidget(what);
    column->addWidget(m_csv);
    column->addWidget(m_bar);
    column->addWidget(m_state);
    column->addLayout(buttons);

    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &ExportDialog::update);
    connect(m_format, &SegmentedControl::chosen, m_csv, [this](int format) { m_csv->setVisible(format == 1); });
    connect(m_save, &QPushButton::clicked, this, &ExportDialog::askWhere);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    update();
}

ExportOptions ExportDialog::options() const
{
    ExportOptions options;
    options.format = m_format->current() == 1 ? ExportFormat::Csv : ExportFormat::Ndjson;
    for (const QString &field : m_fields->text().split(u' ', Qt::SkipEmptyParts))
        options.csv.fields.push_back(toUtf8(field));
    options.csv.formulaGuard = m_guard->isChecked();
    options.program = "Commander " + toUtf8(QCoreApplication::applicationVersion());
    return options;
}

void ExportDialog::askWhere()
{
    const bool csv = m_format->current() == 1;
    const QString path
        = QFileDialog::getSaveFileName(this, tr("Export to"), csv ? u"records.csv"_s : u"records.ndjson"_s,
                                       csv ? tr("Comma-separated values (*.csv)") : tr("JSON lines (*.ndjson)"));
    if (!path.isEmpty())
        exportTo(path);
}

void ExportDialog::exportTo(const QString &path)
{
    m_done->records = 0;
    m_done->total = 0;
    m_state->clear();
    m_link.ask<ExportReport>(
        m_ask,
        [options = options(), filter = m_filter, path, done = m_done](Engine &engine, std::stop_token stop) {
            return writeFile(
                engine, options, filter, path,
                [&done](std::uint64_t records, std::uint64_t total) {
                    done->records = records;
                    done->total = total;
                },
                stop);
        },
        [this, path](const Result<ExportReport> &report) { finish(report, path); });
    m_timer.start();
    update();
}

void ExportDialog::finish(const Result<ExportReport> &report, const QString &path)
{
    update();
    if (!report)
        m_state->setText(errorText(report.error()));
    else
        m_state->setText(tr("%Ln record(s) in %1, %2, up to position %3.", nullptr, int(report->records))
                             .arg(path, formatBytes(report->bytes), formatCount(report->position.value)));
    m_close->setFocus();
}

void ExportDialog::update()
{
    const bool running = isRunning();
    const std::uint64_t total = m_done->total;
    m_bar->setVisible(running);
    m_bar->setValue(total > 0 ? int(m_done->records * barSteps / total) : 0);
    if (running)
        m_state->setText(tr("%1 of %2 records read").arg(formatCount(m_done->records), formatCount(total)));
    else
        m_timer.stop();
    for (QWidget *control : {static_cast<QWidget *>(m_format), m_csv, static_cast<QWidget *>(m_save)})
        control->setEnabled(!running);
    m_close->setText(running ? tr("Stop") : tr("Close"));
}

void ExportDialog::reject()
{
    if (!isRunning()) {
        QDialog::reject();
        return;
    }
    m_ask.cancel();
    update();
    m_state->setText(tr("Stopped."));
}

} // namespace commander::ui
