// Keeps a page of the status up to date: an event of the API, or some time, makes it read itself again, and what has
// changed is put in place. Logs are followed as they come. It asks with GET alone, and without it the page is whole.
(() => {
  'use strict';

  /** Between two readings at the least, and at the most, in milliseconds. */
  const SOONEST = 2000;
  const LATEST = 30000;

  /** After a reading that failed. */
  const RETRY = 5000;

  const live = document.getElementById('live');
  const isPausable = live !== null && 'EventSource' in window;
  if (!isPausable) return;

  const state = { paused: false, lost: false, readAt: Date.now(), timer: 0, reading: false, again: false };
  const logs = new Map();

  /** What the server sent of each part, so that what a script added counts for no change. */
  const sent = new Map();
  for (const part of document.querySelectorAll('[data-part]')) sent.set(part.id, part.outerHTML);

  const button = document.createElement('button');
  button.type = 'button';
  const words = document.createElement('span');
  const time = document.createElement('time');
  live.replaceChildren(words);
  live.after(time, button);
  button.addEventListener('click', () => {
    state.paused = !state.paused;
    if (state.paused) followNothing();
    else void read();
    tell();
  });

  /** Said aloud only when it changes how things stand, not at each reading. */
  function tell() {
    const now = state.paused ? 'Paused.' : state.lost ? 'The connection is lost; it is tried again.' : 'Live.';
    if (words.textContent !== now) words.textContent = now;
    button.textContent = state.paused ? 'Go on' : 'Pause';
    time.textContent = `${new Date(state.readAt).toISOString().slice(11, 19)} UTC`;
  }

  /** Reads in good time: many events one after the other make one reading. */
  function readSoon(after = SOONEST) {
    if (state.paused) return;
    const wait = Math.max(0, state.readAt + after - Date.now());
    if (state.timer !== 0 && state.due <= Date.now() + wait) return;
    clearTimeout(state.timer);
    state.due = Date.now() + wait;
    state.timer = setTimeout(() => void read(), wait);
  }

  async function read() {
    clearTimeout(state.timer);
    state.timer = 0;
    if (state.reading) {
      state.again = true;
      return;
    }
    state.reading = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
      if (answer.status === 401) return location.reload();
      if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      state.lost = !answer.ok;
    } catch {
      state.lost = true;
    }
    state.reading = false;
    state.readAt = Date.now();
    tell();
    readSoon(state.again ? SOONEST : state.lost ? RETRY : LATEST);
    state.again = false;
  }

  function put(fresh) {
    if (state.paused) return;
    const places = new Set();
    for (const part of fresh.querySelectorAll('[data-part]')) {
      places.add(part.id);
      if (sent.get(part.id) === part.outerHTML) continue;
      const old = document.getElementById(part.id);
      sent.set(part.id, part.outerHTML);
      if (old === null) place(part);
      else if (!isSameLog(old, part)) swap(old, part);
    }
    for (const part of document.querySelectorAll('[data-part]')) if (!places.has(part.id)) part.remove();
    followLogs();
  }

  /** A part that is new stands behind the one that it follows in the fresh page. */
  function place(part) {
    const before = part.previousElementSibling;
    const anchor = before === null ? null : document.getElementById(before.id);
    if (anchor === null) document.getElementById('main').append(part);
    else anchor.after(part);
  }

  /** A log that is followed already has all that the fresh page holds. */
  function isSameLog(old, part) {
    const [one, other] = [old, part].map((each) => each.querySelector('[data-log]')?.dataset.log.split('?')[0]);
    return one !== undefined && one === other && old.id !== 'facts' && logs.has(old.querySelector('[data-log]'));
  }

  /** Whoever is in the part with the keyboard, or has unfolded it, stays where they are. */
  function swap(old, part) {
    const focus = old.contains(document.activeElement) ? pathOf(document.activeElement) : null;
    const open = new Set([...old.querySelectorAll('details[open]')].map(({ id }) => id));
    const node = document.importNode(part, true);
    for (const each of node.querySelectorAll('details')) each.open = open.has(each.id);
    if (!node.matches('p')) node.classList.add('fresh');
    old.replaceWith(node);
    if (focus !== null)
      [...node.querySelectorAll('a, button, summary, [tabindex]')].find((each) => pathOf(each) === focus)?.focus();
  }

  const pathOf = (element) =>
    `${element.tagName} ${element.getAttribute('href') ?? element.id} ${element.getAttribute('aria-label') ?? ''}`;

  function followLogs() {
    for (const [element, source] of logs)
      if (!element.isConnected) {
        source.close();
        logs.delete(element);
      }
    for (const element of document.querySelectorAll('[data-log]')) if (!logs.has(element)) follow(element);
  }

  function followNothing() {
    clearTimeout(state.timer);
    state.timer = 0;
    for (const source of logs.values()) source.close();
    logs.clear();
  }

  function follow(element) {
    const after = element.dataset.last;
    const url = new URL(element.dataset.log, location.href);
    if (after !== undefined) {
      url.searchParams.delete('tail');
      url.searchParams.set('after', after);
    }
    const source = new EventSource(url);
    logs.set(element, source);
    element.scrollTop = element.scrollHeight;
    source.addEventListener('message', (event) => {
      if (event.lastEventId !== '') element.dataset.last = event.lastEventId;
      add(element, JSON.parse(event.data));
    });
    source.addEventListener('end', () => {
      source.close();
      readSoon();
    });
  }

  /** The end stays in sight for who looks at it; who has scrolled away is left there. */
  function add(element, line) {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    element.querySelector('.empty')?.remove();
    const row = document.createElement('div');
    row.className = line.level ?? (line.stream === 'stderr' ? 'warn' : 'info');
    const at = document.createElement('time');
    at.dateTime = line.timestamp;
    at.textContent = line.timestamp.slice(11, 19);
    const from = document.createElement('i');
    from.textContent = line.logger ?? `${line.worker}.${line.slot}`;
    const text = document.createElement('span');
    text.textContent = line.message.text;
    row.append(at, from, text);
    element.append(row);
    while (element.childElementCount > Number(element.dataset.keep)) element.firstElementChild.remove();
    if (atEnd) element.scrollTop = element.scrollHeight;
  }

  const events = new EventSource('/events');
  events.addEventListener('message', () => readSoon());
  events.addEventListener('gap', () => readSoon());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) readSoon();
  });
  addEventListener('online', () => readSoon());
  addEventListener('pagehide', () => {
    events.close();
    followNothing();
  });

  followLogs();
  tell();
  readSoon(LATEST);
})();
