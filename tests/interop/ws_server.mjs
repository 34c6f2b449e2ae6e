// SPDX-License-Identifier: GPL-3.0-or-later
// Node ws as a server for our client. Prints one JSON line {"url": …} when it listens, and one per thing that it saw.
//   /echo       sends back what it gets
//   /broadcast  as in the documentation of ws: every client gets what one sends; and a tick every 50 ms
//   /feed       answers a subscription with events
//   /close?N    closes with code N at once
//   /refuse     answers 403
import { WebSocketServer } from './peer.mjs';

const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, perMessageDeflate: true,
  verifyClient: ({ req }, answer) => answer(req.url !== '/refuse', 403, 'Forbidden'),
  handleProtocols: (protocols) => (protocols.has('feedscope.v1') ? 'feedscope.v1' : false),
});
const say = (what) => console.log(JSON.stringify(what));

server.on('listening', () => say({ url: `ws://127.0.0.1:${server.address().port}` }));
server.on('connection', (socket, request) => {
  const { pathname, search } = new URL(request.url, 'ws://localhost');
  say({ saw: 'connection', path: request.url, origin: request.headers.origin ?? null, extensions: socket.extensions });
  socket.on('close', (code, reason) => say({ saw: 'close', code, reason: reason.toString() }));
  socket.on('error', (error) => say({ saw: 'error', message: error.message }));
  socket.on('message', (data, binary) => {
    if (pathname === '/echo') {
      socket.send(data, { binary });
    } else if (pathname === '/broadcast') {
      for (const other of server.clients) if (other.readyState === other.OPEN) other.send(data, { binary });
    } else if (pathname === '/feed') {
      const { type, id, topics } = JSON.parse(data.toString());
      if (type !== 'subscribe') return;
      socket.send(JSON.stringify({ type: 'subscribed', id, topics: topics.map((topic) => ({ topic, epoch: 'e', offset: 0 })) }));
      for (let offset = 1; offset <= 20; ++offset) {
        socket.send(JSON.stringify({
          type: 'event', topic: topics[0], offset, time: Date.now() / 1000, data: { symbol: 'AAPL', price: 100 + offset / 8, size: 1 },
        }));
      }
    }
  });
  if (pathname === '/broadcast') {
    let number = 0;
    const timer = setInterval(() => socket.send(`tick ${++number}`), 50);
    socket.on('close', () => clearInterval(timer));
  } else if (pathname === '/close') {
    socket.close(Number(search.slice(1)), 'as asked');
  }
});
