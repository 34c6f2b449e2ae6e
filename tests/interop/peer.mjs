// SPDX-License-Identifier: GPL-3.0-or-later
// What the Node peers share: where ws is found, checks that end the process, and messages that can be waited for.
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

// ws is installed into a folder of the build, which Node would not look into by itself.
const require = createRequire(path.join(path.resolve(process.env.FEEDSCOPE_PEERS ?? '.'), 'package.json'));
const ws = require('ws');
export const WebSocket = ws.WebSocket;
export const WebSocketServer = ws.WebSocketServer;

export function fail(text) {
  console.error(`FAIL ${text}`);
  process.exit(1);
}

export function check(condition, text) {
  if (!condition) fail(text);
}

export function equal(actual, expected, what) {
  const same = Buffer.isBuffer(actual) && Buffer.isBuffer(expected) ? actual.equals(expected)
    : JSON.stringify(actual) === JSON.stringify(expected);
  check(same, `${what}: expected ${shown(expected)}, got ${shown(actual)}`);
}

function shown(value) {
  const text = Buffer.isBuffer(value) ? `<${value.length} bytes ${value.subarray(0, 16).toString('hex')}>` : JSON.stringify(value);
  return text === undefined ? 'undefined' : text.slice(0, 300);
}

/** A connection with everything that happens to it in one queue: {kind: 'message' | 'ping' | 'pong' | 'close', …}. */
export class Peer {
  constructor(url, protocols = [], options = {}) {
    this.events = [];
    this.waiting = [];
    this.socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data, binary) => this.put({ kind: 'message', data, binary }));
    this.socket.on('ping', (data) => this.put({ kind: 'ping', data }));
    this.socket.on('pong', (data) => this.put({ kind: 'pong', data }));
    this.socket.on('close', (code, reason) => this.put({ kind: 'close', code, reason: reason.toString() }));
  }

  put(event) {
    const waiter = this.waiting.shift();
    if (waiter) waiter(event);
    else this.events.push(event);
  }

  opened() {
    return new Promise((resolve) => {
      this.socket.once('open', resolve);
      this.socket.once('error', (error) => fail(`no connection: ${error.message}`));
    });
  }

  next(seconds = 10) {
    if (this.events.length) return Promise.resolve(this.events.shift());
    return new Promise((resolve) => {
      const timer = setTimeout(() => fail(`nothing arrived for ${seconds} s`), seconds * 1000);
      this.waiting.push((event) => {
        clearTimeout(timer);
        resolve(event);
      });
    });
  }

  /** The next event, which must be of this kind; pings of the server do not count. */
  async expect(kind) {
    let event = await this.next();
    while (event.kind === 'ping' && kind !== 'ping') event = await this.next();
    check(event.kind === kind, `expected ${kind}, got ${event.kind} ${shown(event.code ?? event.data?.toString())}`);
    return event;
  }

  async json() {
    const { data, binary } = await this.expect('message');
    check(!binary, 'JSON is sent as text');
    return JSON.parse(data.toString());
  }

  /** Messages up to the first for which `wanted` holds; returns that one. */
  async until(wanted, what) {
    for (let seen = 0; seen < 2000; ++seen) {
      const message = await this.json();
      if (wanted(message)) return message;
    }
    return fail(`2000 messages and none of them is ${what}`);
  }
}

export async function run(cases) {
  const [name, url] = process.argv.slice(2);
  check(name in cases, `no case ${name}`);
  setTimeout(() => fail(`${name} took more than 45 s`), 45000).unref();
  await cases[name](url);
  console.log(`PASS ${name}`);
  process.exit(0);
}
