// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/time.h>

#include <optional>
#include <QWidget>

class QCheckBox;
class QDateTimeEdit;

namespace commander::ui {

/// Two optional bounds in time with a few quick choices; sits in a menu.
class TimeRangePanel final : public QWidget {
    Q_OBJECT
public:
    explicit TimeRangePanel(QWidget *parent = nullptr);
    /// Shows a range in UTC or in local time.
    void show(std::optional<Timestamp> from, std::optional<Timestamp> to, bool utc);

Q_SIGNALS:
    void applied(const std::optional<commander::Timestamp> &from, const std::optional<commander::Timestamp> &to);

private:
    struct Bound {
        QCheckBox *used;
        QDateTimeEdit *time;
        [[nodiscard]] std::optional<Timestamp> value() const;
        void set(std::optional<Timestamp> value, bool utc) const;
    };
    [[nodiscard]] Bound makeBound(const QString &label);
    void applyLast(std::int64_t seconds);

    Bound m_from;
    Bound m_to;
};

} // namespace commander::ui
