// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_format.h"

#include "exchange/csv_format.h"
#include "exchange/ndjson_format.h"

namespace commander {

Result<std::unique_ptr<FileFormat>> makeFileFormat(const ExportOptions &options)
{
    if (options.format == ExportFormat::Ndjson)
        return std::make_unique<NdjsonFormat>();
    for (const auto &pointer : options.csv.fields) {
        if (auto checked = checkPointer(pointer); !checked)
            return fail(checked.error());
    }
    return std::make_unique<CsvFormat>(options.csv);
}

} // namespace commander
