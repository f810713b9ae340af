// SPDX-License-Identifier: GPL-3.0-or-later
// usage: node validate_asyncapi.mjs TOOLS FILE. Exit code 1 and the reasons when the document is not valid AsyncAPI.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const [tools, file] = process.argv.slice(2);
const {Parser} = createRequire(tools + '/')('@asyncapi/parser');
const {document, diagnostics} = await new Parser().parse(readFileSync(file, 'utf8'));
const errors = diagnostics.filter((one) => one.severity === 0);
for (const one of errors) console.error(one.path.join('/') + ': ' + one.message);
if (errors.length > 0 || !document) process.exit(1);
console.log('valid AsyncAPI ' + document.version() + ', ' + document.channels().all().length + ' channels');
