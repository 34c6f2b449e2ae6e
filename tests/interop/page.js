// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluated in a page of a real browser: the browser's own WebSocket as a client of our server. Each function gives back what it saw, as plain
// values; tests/interop/run_interop.py says what it must be.
(() => {
  const open = (url, ...protocols) => new Promise((resolve) => {
    const socket = new WebSocket(url, ...protocols);
    socket.binaryType = 'arraybuffer';
    const events = [];
    const waiting = [];
    const put = (event) => (waiting.length ? waiting.shift()(event) : events.push(event));
    socket.onmessage = ({ data }) => put({ kind: 'message', data });
    socket.onclose = ({ code, reason, wasClean }) => { put({ kind: 'close', code, reason, wasClean }); resolve({ socket, next, until }); };
    socket.onopen = () => resolve({ socket, next, until });
    const next = () => (events.length ? Promise.resolve(events.shift()) : new Promise((given) => waiting.push(given)));
    const until = async (wanted) => {
      for (;;) {
        const event = await next();
        if (event.kind === 'close') throw new Error(`closed with ${event.code}`);
        const message = JSON.parse(event.data);
        if (wanted(message)) return message;
      }
    };
  });

  const described = (data) => (typeof data === 'string' ? data : [...new Uint8Array(data).subarray(0, 8)].concat([data.byteLength]));

  return {
    async feed(base) {
      const peer = await open(`${base}/feed`, ['feedscope.v1']);
      const welcome = await peer.until(() => true);
      peer.socket.send(JSON.stringify({ type: 'subscribe', id: 1, topics: ['market.AAPL'] }));
      const subscribed = await peer.until(({ type }) => type === 'subscribed');
      const events = [];
      while (events.length < 5) events.push(await peer.until(({ type }) => type === 'event'));
      peer.socket.close(1000, 'enough');
      let event;
      do event = await peer.next(); while (event.kind !== 'close');
      return { protocol: peer.socket.protocol, extensions: peer.socket.extensions, welcome, subscribed, events, close: event };
    },

    async echo(base) {
      const peer = await open(`${base}/echo`);
      const answers = [];
      const bytes = (size) => new Uint8Array(size).map((_, index) => (index * 7) & 0xff);
      for (const payload of ['Hello', 'Grüße, 世界 🌍', '', new Uint8Array([0, 1, 254, 255]), new Uint8Array(0), bytes(126), bytes(65536)]) {
        peer.socket.send(payload);
        answers.push(described((await peer.next()).data));
      }
      peer.socket.close(3000, 'done');
      return { answers, close: await peer.next(), buffered: peer.socket.bufferedAmount };
    },

    async chat(base) {
      const [alice, bob] = [await open(`${base}/chat`), await open(`${base}/chat`)];
      alice.socket.send('{"type":"join","room":"browser","user":"Alice"}');
      await alice.until(({ type }) => type === 'presence');
      bob.socket.send('{"type":"join","room":"browser","user":"Bob"}');
      const presence = await alice.until(({ type, joined }) => type === 'presence' && JSON.stringify(joined ?? []).includes('Bob'));
      alice.socket.send('{"type":"message","text":"Hello"}');
      const messages = [];
      for (const peer of [alice, bob]) messages.push(await peer.until(({ type }) => type === 'message'));
      bob.socket.close();
      const left = await alice.until(({ type, left: names }) => type === 'presence' && JSON.stringify(names ?? []).includes('Bob'));
      alice.socket.close();
      return { presence, messages, left };
    },

    /** What a page learns of a connection that was not let in. */
    async refused(url) {
      const { next, socket } = await open(url);
      if (socket.readyState === WebSocket.OPEN) { socket.close(); return { kind: 'open' }; }
      return next();
    },
  };
})()
