#!/usr/bin/env node
// A small order service for the example: orders by number, the latest order of a caller, and a place for flow ends.
//   node examples/order-status/service.mjs        listens on 127.0.0.1:4010 (ORDER_SERVICE_PORT sets another port)
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const port = Number(process.env.ORDER_SERVICE_PORT ?? 4010);
/** Milliseconds before an order is answered: long enough for the hold tune to start. */
const THINKING = 700;

const orders = {
  1001: { status: 'shipped', carrier: 'Blue Dart', items: ['lamp', 'bulb'] },
  1002: { status: 'packed', carrier: null, items: ['chair'] },
};
const latestOrders = { 919800000001: '1001' };
const flowEnds = [];

const server = createServer(async (request, response) => {
  const [, first, id, last] = new URL(request.url, 'http://localhost').pathname.split('/').map(decodeURIComponent);
  const answer = (status, body) => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === undefined ? '' : JSON.stringify(body));
  };
  if (request.method === 'GET' && first === 'health') return answer(200, { service: 'order-status' });
  if (request.method === 'GET' && first === 'orders' && Object.hasOwn(orders, id)) {
    await sleep(THINKING);
    return answer(200, { order: { id, ...orders[id] } });
  }
  if (request.method === 'GET' && first === 'orders') return answer(404, { error: 'no such order' });
  if (request.method === 'GET' && first === 'callers' && last === 'latest-order') {
    const order = latestOrders[id];
    return order ? answer(200, { order }) : answer(404, { error: 'no orders' });
  }
  if (request.method === 'POST' && first === 'flow-end') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    flowEnds.push({ id: request.headers['webhook-id'], payload: JSON.parse(Buffer.concat(chunks).toString()) });
    if (flowEnds.length > 100) flowEnds.shift();
    return answer(204);
  }
  if (request.method === 'GET' && first === 'flow-end') return answer(200, flowEnds);
  answer(404, { error: 'no such page' });
});

server.on('error', (error) => {
  console.error(`order service: ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  console.error(`order service: listens on http://127.0.0.1:${port}`);
  process.send?.('ready');
});
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, () => process.exit(0));
