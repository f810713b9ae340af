// Follows /updates as any browser client can: EventSource reconnects by itself and says with Last-Event-ID where it was.
'use strict';

const rowsMax = 500;
const kinds = ['command', 'event', 'result', 'change', 'gap'];
const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

let source = null;
let turns = 0;
let paused = false;
let lastId = '';
let received = 0;
let waiting = [];
let painting = false;

// The exact text of one member of a JSON object: JSON.parse would round large numbers.
function memberText(json, wanted) {
  let depth = 0;
  let start = -1;
  for (let i = 0; i < json.length; ++i) {
    const c = json[i];
    if (c === '"') {
      const begin = i;
      for (++i; json[i] !== '"'; ++i) {
        if (json[i] === '\\') ++i;
      }
      if (depth === 1 && start < 0 && json[i + 1] === ':' && json.slice(begin + 1, i) === wanted) start = i + 2;
    } else if (c === '{' || c === '[') {
      ++depth;
    } else if (c === '}' || c === ']') {
      if (--depth === 0 && start >= 0) return json.slice(start, i);
    } else if (c === ',' && depth === 1 && start >= 0) {
      return json.slice(start, i);
    }
  }
  return '';
}

// The whole text with line breaks and indents between its tokens, every token as it is.
function spread(json) {
  let out = '';
  let indent = '';
  for (let i = 0; i < json.length; ++i) {
    const c = json[i];
    if (c === '"') {
      const begin = i;
      for (++i; json[i] !== '"'; ++i) {
        if (json[i] === '\\') ++i;
      }
      out += json.slice(begin, i + 1);
    } else if ((c === '{' || c === '[') && !/^[{[]\s*[}\]]/.test(json.slice(i, i + 200))) {
      indent += '  ';
      out += c + '\n' + indent;
    } else if ((c === '}' || c === ']') && !/[{[]$/.test(out)) {
      indent = indent.slice(2);
      out += '\n' + indent + c;
    } else if (c === ',') {
      out += ',\n' + indent;
    } else if (c === ':') {
      out += ': ';
    } else if (!/\s/.test(c)) {
      out += c;
    }
  }
  return out;
}

function cellsOf(kind, message) {
  const record = JSON.parse(message.data);
  if (kind === 'change') {
    return [message.lastEventId, kind, record.view, record.key, memberText(message.data, 'fields')];
  }
  if (kind === 'gap') {
    return [message.lastEventId, kind, 'records are missing here', '', message.data];
  }
  const data = kind === 'result' ? memberText(message.data, 'error') || memberText(message.data, 'events')
                                 : memberText(message.data, 'data');
  return [String(record.position), kind, record.action || record.status, record.key || '', data];
}

function toggle(button, row, json) {
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  if (!open) {
    row.nextElementSibling?.remove();
    return;
  }
  const detail = document.createElement('tr');
  detail.className = 'detail';
  const cell = detail.insertCell();
  cell.colSpan = 5;
  cell.textContent = spread(json);
  row.after(detail);
}

function addRow(rows, entry) {
  const row = rows.insertRow(0);
  row.dataset.kind = entry.kind;
  entry.cells.forEach((text, column) => {
    const cell = row.insertCell();
    if (column > 0) {
      cell.textContent = text;
      cell.title = text;
      return;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-label', entry.kind + ' at position ' + text);
    button.addEventListener('click', () => toggle(button, row, entry.json));
    cell.append(button);
  });
}

function paint() {
  painting = false;
  const rows = byId('rows');
  for (const entry of waiting) addRow(rows, entry);
  waiting = [];
  while (rows.rows.length > rowsMax) rows.deleteRow(-1);
  show();
}

function show() {
  byId('empty').hidden = byId('rows').rows.length > 0;
  byId('received').textContent = received.toLocaleString('en');
  byId('position').textContent = lastId.split(':')[0] || '–';
  byId('pause').textContent = !paused ? 'Pause' : waiting.length > 0 ? 'Go on (' + waiting.length + ')' : 'Go on';
}

function take(kind, message) {
  ++received;
  lastId = message.lastEventId || lastId;
  waiting.push({kind, cells: cellsOf(kind, message), json: message.data});
  if (waiting.length > rowsMax) waiting.shift();
  if (!painting) {
    painting = true;
    requestAnimationFrame(() => {
      painting = false;
      if (paused) show();
      else paint();
    });
  }
}

function say(state, text) {
  byId('state').dataset.state = state;
  byId('state').textContent = text;
}

// EventSource does not tell why it was refused; the same request as a plain one does.
async function explain(url) {
  say('refused', 'Refused');
  const stop = new AbortController();
  try {
    const answer = await fetch(url, {signal: stop.signal});
    const problem = answer.ok ? null : await answer.json();
    complain(problem ? problem.title + ': ' + problem.detail : '');
    byId('key').hidden = byId('key').hidden && answer.status !== 401;
  } catch {
    complain('The server does not answer.');
  } finally {
    stop.abort();
  }
}

function complain(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = !text;
}

// EventSource sends no token either: a ticket stands in for it, once.
async function ticketFor(token) {
  const answer = await fetch('/tickets', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'Authorization': 'Bearer ' + token},
    body: JSON.stringify({path: '/updates'}),
  });
  const body = await answer.json();
  if (answer.ok) return body.ticket;
  complain(body.title + ': ' + body.detail);
  return '';
}

async function connect() {
  const turn = ++turns;
  if (source) source.close();
  complain('');
  const query = new URLSearchParams();
  const wanted = [...document.querySelectorAll('[name="kind"]:checked')].map((box) => box.value);
  if (wanted.length === 0) {
    say('refused', 'Nothing chosen');
    return;
  }
  say('connecting', 'Connecting…');
  query.set('kind', wanted.join(','));
  if (byId('filter').value.trim()) query.set('filter', byId('filter').value.trim());
  if (lastId) query.set('lastEventId', lastId);
  else query.set('from', byId('from').value);
  const url = '/updates?' + query;
  const token = byId('token').value;
  let ticket = '';
  if (token) {
    ticket = await ticketFor(token).catch(() => '');
    if (turn !== turns) return; // asked something else meanwhile
    if (!ticket) {
      say('refused', 'Refused');
      return;
    }
  }
  const mine = new EventSource(url + (ticket && '&ticket=' + encodeURIComponent(ticket)));
  source = mine;
  mine.onopen = () => say('open', 'Connected');
  mine.onerror = () => {
    if (source !== mine) return;
    if (token) {
      // Its ticket is spent; another one, a little later.
      mine.close();
      say('waiting', 'Connecting again…');
      setTimeout(() => turn === turns && connect(), 2000);
    } else if (mine.readyState === EventSource.CLOSED) {
      explain(url);
    } else {
      say('waiting', 'Connecting again…');
    }
  };
  for (const kind of kinds) mine.addEventListener(kind, (message) => source === mine && take(kind, message));
}

function clear() {
  waiting = [];
  byId('rows').replaceChildren();
  show();
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  if (paused) show();
  else paint();
});
byId('clear').addEventListener('click', clear);
// Another question: what it is about is shown from its beginning, or goes on where the page is.
byId('choice').addEventListener('submit', (event) => {
  event.preventDefault();
  clear();
  if (byId('from').value !== 'now') {
    lastId = '';
    received = 0;
  }
  connect();
});
for (const box of document.querySelectorAll('[name="kind"]')) box.addEventListener('change', connect);

if (asked.get('filter')) byId('filter').value = asked.get('filter');
if (asked.get('from')) {
  const from = byId('from');
  if (![...from.options].some((option) => option.value === asked.get('from'))) from.add(new Option(asked.get('from')));
  from.value = asked.get('from');
}
connect();
