// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Commander for pages in a browser: fetch and EventSource, nothing else. The page has to come from the server
// itself, or from an origin that it allows.

class Commander {
  constructor(url = '') {
    this.url = url;
  }

  // Records a command and waits for its result. The id is chosen here, so the command can be sent until an answer comes:
  // it is recorded once. Numbers beyond 2^53 have to be sent as text that is JSON already.
  async submit(action, data, wait = 10) {
    const body = JSON.stringify({id: crypto.randomUUID(), action, data});
    const headers = {'Content-Type': 'application/json', 'Prefer': `wait=${wait}`};
    for (;;) {
      try {
        const answer = await fetch(`${this.url}/commands`, {method: 'POST', headers, body});
        const json = await answer.json();
        if (!answer.ok) throw Object.assign(new Error(json.detail || json.title), {problem: json});
        return {command: json, position: answer.headers.get('Commander-Position')};
      } catch (error) {
        if (error.problem) throw error; // an answer, and the same the next time
        await new Promise((resume) => setTimeout(resume, 500));
      }
    }
  }

  // A document as it is once the views have come to a position: what this client wrote is in it.
  async read(path, atLeast) {
    const answer = await fetch(`${this.url}${path}?atLeast=${atLeast}`);
    const json = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(json.detail || json.title), {problem: json});
    if (answer.headers.get('Commander-Stale') === 'true') throw new Error('the views have not come so far yet');
    return json;
  }

  // Calls back with every event from `start` on, without gap or repeat. EventSource connects again by itself and says
  // which event it had last. close() of what is given ends it.
  follow(path, start, onEvent) {
    const stream = new EventSource(`${this.url}${path}?from=${start}`);
    stream.addEventListener('event', (message) => onEvent(JSON.parse(message.data)));
    return stream;
  }
}

async function bank(count, print) {
  const commander = new Commander();
  const account = `javascript-${crypto.randomUUID().slice(0, 8)}`;
  await commander.submit('open-account', {account, owner: 'Ada', opening_balance: 100});
  const {position} = await commander.submit('deposit-money', {account, amount: 50});
  print(`balance ${(await commander.read(`/accounts/${account}`, position)).balance}`);
  await commander.submit('withdraw-money', {account, amount: 1000}).catch(({problem}) => {
    print(`refused ${problem.rejection.code}`);
  });
  await new Promise((done) => {
    const stream = commander.follow('/events/updates', 'start', (event) => {
      print(`${event.position} ${event.action}`);
      if (--count === 0) {
        stream.close();
        done();
      }
    });
  });
}
