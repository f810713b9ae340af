// Follows /updates as any browser client can: EventSource reconnects by itself and says with Last-Event-ID where it was.
'use strict';

const rowsMax = 500;
const kinds = ['command', 'event', 'result', 'change', 'gap'];
const byId = (id) => document.getElementById(id);

let source = null;
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

function paint() {
  painting = false;
  const rows = byId('rows');
  for (const cells of waiting) {
    const row = rows.insertRow(0);
    row.dataset.kind = cells[1];
    for (const text of cells) {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.title = text;
    }
  }
  waiting = [];
  while (rows.rows.length > rowsMax) rows.deleteRow(-1);
  byId('empty').hidden = rows.rows.length > 0;
  byId('received').textContent = received.toLocaleString('en');
}

function take(kind, message) {
  ++received;
  lastId = message.lastEventId || lastId;
  byId('position').textContent = lastId.split(':')[0] || '–';
  waiting.push(cellsOf(kind, message));
  if (waiting.length > rowsMax) waiting.shift();
  if (!painting && !paused) {
    painting = true;
    requestAnimationFrame(paint);
  }
}

function say(state, text) {
  byId('state').dataset.state = state;
  byId('state').textContent = text;
}

function connect() {
  if (source) source.close();
  const query = new URLSearchParams();
  if (!byId('changes').checked) query.set('kind', 'command,event,result');
  const asked = new URLSearchParams(location.search).get('from');
  if (lastId) query.set('lastEventId', lastId);
  else if (asked) query.set('from', asked);
  source = new EventSource('/updates?' + query);
  source.onopen = () => say('open', 'Connected');
  source.onerror = () => say('waiting', source.readyState === EventSource.CLOSED ? 'Refused' : 'Connecting again…');
  for (const kind of kinds) source.addEventListener(kind, (message) => take(kind, message));
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('pause').textContent = paused ? 'Go on' : 'Pause';
  if (!paused) paint();
});
byId('changes').addEventListener('change', connect);
connect();
