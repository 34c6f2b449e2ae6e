// SPDX-License-Identifier: GPL-3.0-or-later
// Node ws as a client of our server: node ws_client.mjs feed|echo|chat|close|refused ws://127.0.0.1:PORT
import http from 'node:http';
import net from 'node:net';
import { check, equal, fail, Peer, run, WebSocket } from './peer.mjs';

async function feed(url) {
  const peer = new Peer(`${url}/feed`, ['feedscope.v1']);
  await peer.opened();
  equal(peer.socket.protocol, 'feedscope.v1', 'subprotocol');
  const welcome = await peer.json();
  equal(welcome.type, 'welcome', 'the first message');
  check(welcome.server.startsWith('Feedscope/'), `server: ${welcome.server}`);

  peer.socket.send(JSON.stringify({ type: 'subscribe', id: 1, topics: ['market.AAPL'] }));
  const subscribed = await peer.until((message) => message.type === 'subscribed', 'subscribed');
  equal(subscribed.id, 1, 'id of subscribed');
  equal(subscribed.topics.map((topic) => topic.topic), ['market.AAPL'], 'topics');
  let offset = subscribed.topics[0].offset;
  check(Number.isInteger(offset), `offset: ${offset}`);
  for (let count = 0; count < 5; ++count) {
    const event = await peer.until((message) => message.type === 'event', 'an event');
    equal(event.topic, 'market.AAPL', 'topic');
    equal(event.offset, offset + 1, 'offset, one more each time');
    offset = event.offset;
    equal(event.data.symbol, 'AAPL', 'symbol');
    check(event.data.price > 0 && event.data.size > 0, `price and size: ${JSON.stringify(event.data)}`);
    check(event.data.bid <= event.data.ask, `bid ≤ ask: ${JSON.stringify(event.data)}`);
    check(Math.abs(event.time - Date.now() / 1000) < 60, `time is now, in Unix seconds: ${event.time}`);
    console.log(JSON.stringify(event));
  }

  peer.socket.send('{"type":"no-such-thing","id":7}');
  equal((await peer.until((message) => message.type === 'error', 'an error')).id, 7, 'id of the error');
  peer.socket.send('this is no JSON');
  await peer.until((message) => message.type === 'error', 'an error');
  peer.socket.send('{"type":"subscribe","id":8,"topics":["market.NOSUCH"]}');
  equal((await peer.until((message) => message.type === 'error', 'an error')).code, 'unknown-topic', 'code');
  peer.socket.send('{"type":"topics","id":9}');
  const topics = await peer.until((message) => message.type === 'topics', 'topics');
  check(JSON.stringify(topics).includes('market.AAPL'), 'the list has market.AAPL');
  peer.socket.close(1000);
}

async function echo(url) {
  const peer = new Peer(`${url}/echo`);
  await peer.opened();
  const big = Buffer.alloc(65536, 0).map((_, index) => (index * 7) & 0xff);
  const payloads = [
    ['text', 'Hello', false], ['text beyond ASCII', 'Grüße, 世界 🌍', false], ['empty text', '', false],
    ['binary', Buffer.from([0, 1, 254, 255]), true], ['empty binary', Buffer.alloc(0), true],
    ...[125, 126, 65535, 65536].map((size) => [`${size} bytes`, big.subarray(0, size), true]),
  ];
  for (const [what, payload, binary] of payloads) {
    peer.socket.send(payload);
    const answer = await peer.expect('message');
    equal(answer.binary, binary, `${what}: binary`);
    equal(answer.data, Buffer.from(payload), what);
  }

  // A code point split over two fragments, with a ping between them.
  const bytes = Buffer.from('a世b');
  peer.socket.send(bytes.subarray(0, 2), { binary: false, fin: false });
  peer.socket.ping(Buffer.from('between'));
  peer.socket.send(bytes.subarray(2, 3), { binary: false, fin: false });
  peer.socket.send(bytes.subarray(3), { binary: false, fin: true });
  equal((await peer.expect('pong')).data.toString(), 'between', 'the pong comes before the message is complete');
  const answer = await peer.expect('message');
  equal([answer.binary, answer.data.toString()], [false, 'a世b'], 'the fragments as one message');

  for (const size of [0, 125]) {
    const payload = big.subarray(0, size);
    peer.socket.ping(payload);
    equal((await peer.expect('pong')).data, payload, `pong of ${size} bytes`);
  }
  peer.socket.close(1000);
  equal((await peer.expect('close')).code, 1000, 'close code');

  const prefixed = new Peer(`${url}/echo?prefix=Echo:%20`);
  await prefixed.opened();
  prefixed.socket.send('Hello');
  equal((await prefixed.expect('message')).data.toString(), 'Echo: Hello', 'prefix');
  prefixed.socket.terminate();

  const tooBig = new Peer(`${url}/echo`);
  await tooBig.opened();
  tooBig.socket.send(Buffer.alloc(1024 * 1024 + 1));
  equal((await tooBig.expect('close')).code, 1009, 'a message of more than 1 MiB');
}

async function chat(url) {
  const alice = new Peer(`${url}/chat`);
  const bob = new Peer(`${url}/chat`);
  await Promise.all([alice.opened(), bob.opened()]);
  alice.socket.send('{"type":"join","room":"general","user":"Alice"}');
  await alice.until((message) => message.type === 'presence' && JSON.stringify(message.joined).includes('Alice'), 'her own joining');
  bob.socket.send('{"type":"join","room":"general","user":"Bob"}');
  await alice.until((message) => message.type === 'presence' && JSON.stringify(message.joined).includes('Bob'), 'Bob joining');

  alice.socket.send('{"type":"message","text":"Hello <b>&amp;"}');
  for (const peer of [alice, bob]) {
    const { room, user, text } = await peer.until((message) => message.type === 'message', 'the message');
    equal([room, user, text], ['general', 'Alice', 'Hello <b>&amp;'], 'the message');
  }
  bob.socket.send('{"type":"message","text":"Hi"}');
  equal((await alice.until((message) => message.type === 'message', 'the answer')).user, 'Bob', 'who answered');

  bob.socket.close(1000);
  await alice.until((message) => message.type === 'presence' && JSON.stringify(message.left).includes('Bob'), 'Bob leaving');
}

async function close(url) {
  for (const [code, reason] of [[1000, 'bye'], [1000, ''], [3000, 'ours to use'], [4999, 'ünïcode']]) {
    const peer = new Peer(`${url}/echo`);
    await peer.opened();
    peer.socket.close(code, reason);
    const closed = await peer.expect('close');
    equal([closed.code, closed.reason], [code, reason], `the echo of ${code} ${reason}`);
  }
  const silent = new Peer(`${url}/echo`);
  await silent.opened();
  silent.socket.close();
  equal((await silent.expect('close')).code, 1005, 'an empty close frame is answered by an empty one');

  // RFC 6455 5.1 and 5.5: frames that Node ws would not send by itself, written to its socket.
  const wrong = [
    ['unmasked text', '8105 48656c6c6f', 1002], ['reserved opcode', '8380 00000000', 1002], ['RSV1', 'c180 00000000', 1002],
    ['fragmented ping', '0980 00000000', 1002], ['close payload of one byte', '8881 00000000 03', 1002],
    ['close code 1005', '8882 00000000 03ed', 1002], ['invalid UTF-8', '8181 00000000 ff', 1007],
    ['continuation of nothing', '8080 00000000', 1002],
  ];
  for (const [what, hex, code] of wrong) {
    const peer = new Peer(`${url}/echo`);
    await peer.opened();
    peer.socket._socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    equal((await peer.expect('close')).code, code, what);
  }
}

/** Status and headers of a request that is not to become a WebSocket. */
function status(url, target, { method = 'GET', headers = {}, ...more } = {}) {
  return new Promise((resolve) => {
    const request = http.request(url.replace('ws:', 'http:') + target, { method, headers, agent: false, ...more }, (response) => {
      let body = '';
      response.on('data', (data) => { body += data; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers, body: '' });
    });
    request.on('error', (error) => fail(`${target}: ${error.message}`));
    request.end();
  });
}

/** The first line answered to bytes written as they are. */
function raw(url, bytes) {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (data) => { answer += data; });
    socket.on('close', () => resolve(answer.split('\r\n')[0]));
    socket.on('error', () => {});
  });
}

async function refused(url) {
  const { host } = new URL(url);
  const upgrade = {
    Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const without = (name) => Object.fromEntries(Object.entries(upgrade).filter(([key]) => key !== name));

  const accepted = await status(url, '/feed', { headers: upgrade });
  equal(accepted.status, 101, 'the sample handshake of RFC 6455');
  equal(accepted.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'its accept value');

  const cases = [
    ['another path', '/nope', { headers: upgrade }, 404],
    ['no key', '/feed', { headers: without('Sec-WebSocket-Key') }, 400],
    ['a key of ten bytes', '/feed', { headers: { ...upgrade, 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZQ==' } }, 400],
    ['version 8', '/feed', { headers: { ...upgrade, 'Sec-WebSocket-Version': '8' } }, 426, ['sec-websocket-version', '13']],
    ['no upgrade asked for', '/feed', {}, 426, ['upgrade', 'websocket']],
    ['a foreign origin', '/feed', { headers: { ...upgrade, Origin: 'https://attacker.example' } }, 403],
    ['a foreign host', '/feed', { headers: { ...upgrade, Host: 'attacker.example' } }, 403],
    ['POST', '/feed', { method: 'POST', headers: upgrade }, 405],
    ['a long header', '/feed', { headers: { ...upgrade, 'X-Long': 'x'.repeat(9 * 1024) } }, 431],
    ['a long request line', `/feed?${'x'.repeat(9 * 1024)}`, { headers: upgrade }, 414],
  ];
  for (const [what, target, options, expected, header] of cases) {
    const answer = await status(url, target, options);
    equal(answer.status, expected, what);
    check(answer.headers['content-type']?.startsWith('text/plain') && answer.body.length > 0, `${what}: a reason in words`);
    if (header) equal(answer.headers[header[0]]?.toLowerCase(), header[1], `${what}: ${header[0]}`);
  }
  equal((await raw(url, `GET /feed HTTP/9.9\r\nHost: ${host}\r\n\r\n`)).split(' ')[1], '505', 'HTTP/9.9');
  equal((await raw(url, 'GET /feed HTTP/1.1\r\n\r\n')).split(' ')[1], '400', 'no Host');
  equal((await raw(url, 'garbage\r\n\r\n')).split(' ')[1], '400', 'no HTTP');

  // And Node ws itself reports the refusal as one.
  const [code] = await new Promise((resolve) => {
    const socket = new WebSocket(`${url}/feed`, { origin: 'https://attacker.example' });
    socket.on('unexpected-response', (_, response) => resolve([response.statusCode]));
    socket.on('open', () => fail('a foreign origin was let in'));
  });
  equal(code, 403, 'the refusal as Node ws sees it');
  equal((await status(url, '/healthz')).status, 200, 'the server is well afterwards');
}

await run({ feed, echo, chat, close, refused });
