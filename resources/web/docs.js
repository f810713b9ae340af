// Shows /openapi.json to people: every operation with a curl line that runs against this very server.
'use strict';

const byId = (id) => document.getElementById(id);

function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// Only references into the document itself are used.
function resolve(api, item) {
  if (!item || !item.$ref) return item;
  return item.$ref.slice(2).split('/').reduce((at, token) => at && at[token.replaceAll('~1', '/').replaceAll('~0', '~')], api);
}

// `code` between backticks, as the descriptions have it.
function prose(name, text, attributes) {
  const element = make(name, undefined, attributes);
  text.split('`').forEach((part, i) => element.append(i % 2 ? make('code', part) : part));
  return element;
}

function quoted(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

function bodyExamples(api, operation) {
  const content = operation.requestBody && operation.requestBody.content['application/json'];
  if (!content) return [];
  const found = [];
  const visit = (schema, depth) => {
    const real = resolve(api, schema);
    if (!real || depth > 4) return;
    for (const example of real.examples || []) found.push(example);
    for (const inner of real.oneOf || []) visit(inner, depth + 1);
  };
  visit(content.schema, 0);
  return found;
}

// The first way in that is stated is a token with one role; an empty one means that nothing is needed.
function roleOf(operation) {
  return (operation.security || []).flatMap((way) => way.token || [])[0];
}

function needsToken(operation) {
  const ways = operation.security || [];
  return ways.length > 0 && !ways.some((way) => Object.keys(way).length === 0);
}

function curlLine(path, verb, operation, body) {
  const streams = operation.responses['200'] && operation.responses['200'].content && operation.responses['200'].content['text/event-stream'];
  let line = 'curl -s' + (streams ? 'N' : '') + ' ' + quoted(location.origin + path);
  if (needsToken(operation)) line += ' -H "Authorization: Bearer $TOKEN"';
  if (verb !== 'get' && !body) line += ' -X ' + verb.toUpperCase();
  if (body) line += " -H 'Content-Type: application/json' \\\n  -d " + quoted(JSON.stringify(body));
  return line;
}

function copyButton(text) {
  const button = make('button', 'Copy', {type: 'button'});
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Select it';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

function example(api, path, verb, operation) {
  const block = make('div');
  block.append(make('h4', 'Try it'));
  const bodies = bodyExamples(api, operation);
  const box = make('div', undefined, {class: 'example'});
  const code = make('pre', curlLine(path, verb, operation, bodies[0]));
  box.append(code, copyButton(() => code.textContent));
  if (bodies.length > 1) {
    const choice = make('select', undefined, {'aria-label': 'Example'});
    bodies.forEach((body, i) => choice.append(make('option', body.action, {value: i})));
    choice.addEventListener('change', () => { code.textContent = curlLine(path, verb, operation, bodies[choice.value]); });
    block.append(choice);
  }
  block.append(box);
  return block;
}

function rows(title, entries) {
  const block = make('div');
  if (!entries.length) return block;
  block.append(make('h4', title));
  const table = make('table');
  for (const [name, text] of entries) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    row.append(prose('td', text));
  }
  block.append(table);
  return block;
}

function section(api, path, verb, item, operation) {
  const element = make('section', undefined, {id: operation.operationId});
  const head = make('h3');
  head.append(make('span', verb.toUpperCase(), {class: 'verb', 'data-verb': verb}), make('span', path));
  element.append(head, prose('p', operation.summary, {class: 'summary'}));
  if (operation.description) element.append(prose('p', operation.description));
  if (roleOf(operation)) element.append(prose('p', 'Needs the role `' + roleOf(operation) + '`' + (needsToken(operation) ? '.' : ' once the workspace has tokens.')));
  const parameters = [...(item.parameters || []), ...(operation.parameters || [])].map((one) => resolve(api, one));
  element.append(rows('Parameters', parameters.map((one) => [one.name + (one.in === 'header' ? ' (header)' : ''), one.description || (one.in === 'path' ? 'in the path' : '')])));
  element.append(rows('Answers', Object.entries(operation.responses).map(([status, one]) => [status === 'default' ? 'other' : status, resolve(api, one).description])));
  element.append(example(api, path, verb, operation));
  element.dataset.words = [path, verb, operation.operationId, operation.summary, operation.description].join(' ').toLowerCase();
  return element;
}

function show(api) {
  byId('title').textContent = api.info.title + ' API';
  byId('about').replaceWith(prose('p', api.info.description, {id: 'about'}));
  const groups = new Map(api.tags.map((tag) => [tag.name, []]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      if (verb === 'parameters') continue;
      const group = operation.tags[0];
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push([path, verb, item, operation]);
    }
  }
  for (const [group, operations] of groups) {
    if (!operations.length) continue;
    byId('index').append(make('h2', group));
    for (const [path, verb, item, operation] of operations) {
      const link = make('a', undefined, {href: '#' + operation.operationId, title: operation.summary});
      link.append(make('span', verb.toUpperCase(), {class: 'verb', 'data-verb': verb}), make('span', path));
      byId('index').append(link);
      byId('operations').append(section(api, path, verb, item, operation));
    }
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function filter() {
  const words = byId('find').value.toLowerCase().split(/\s+/).filter(Boolean);
  let any = false;
  for (const element of byId('operations').children) {
    element.hidden = !words.every((word) => element.dataset.words.includes(word));
    any = any || !element.hidden;
  }
  for (const link of byId('index').querySelectorAll('a')) link.hidden = document.getElementById(link.hash.slice(1)).hidden;
  byId('nothing').hidden = any;
}

byId('find').addEventListener('input', filter);

// The token is kept by this page alone, and goes with it.
async function read(token) {
  const answer = await fetch('/openapi.json', token ? {headers: {Authorization: 'Bearer ' + token}} : {});
  byId('enter').hidden = answer.status !== 401;
  if (answer.status === 401) {
    byId('about').textContent = token ? 'This token does not open it.' : 'This server asks for a token with the role read.';
    return;
  }
  if (!answer.ok) throw new Error('/openapi.json: ' + answer.status);
  show(await answer.json());
}

function begin(token) {
  read(token).catch((error) => { byId('about').textContent = 'The description could not be read: ' + error.message; });
}

byId('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  begin(byId('token').value.trim());
});
begin();
