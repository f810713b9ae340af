// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <optional>
#include <QAbstractSpinBox>

namespace commander::ui {

/// A spin box over positions: QSpinBox ends at 2^31, ledgers do not.
class PositionSpinBox final : public QAbstractSpinBox {
    Q_OBJECT
public:
    explicit PositionSpinBox(const QString &name, QWidget *parent = nullptr);

    void setMaximum(Position maximum);
    void setValue(Position value); ///< does not signal
    [[nodiscard]] Position value() const { return m_value; }

    void stepBy(int steps) override;
    [[nodiscard]] QValidator::State validate(QString &input, int &pos) const override;
    void fixup(QString &input) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void valueChosen(commander::Position value); ///< by the user

protected:
    [[nodiscard]] StepEnabled stepEnabled() const override;

private:
    void choose(Position value);
    [[nodiscard]] static std::optional<std::uint64_t> read(const QString &text);

    Position m_value{1};
    Position m_maximum{1};
};

} // namespace commander::ui
