import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onAsked, say } from '../messages.ts';
import { wholeAnswer } from '../traffic.ts';

/** A provider that answers every chat at once with the same words, and counts what it would bill. */

const ANSWER = Buffer.from(wholeAnswer());
const HEADERS = { 'content-type': 'application/json', 'content-length': String(ANSWER.length) };

let answers = 0;
const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  request.resume();
  request.on('end', () => {
    answers += 1;
    response.writeHead(200, HEADERS);
    response.end(ANSWER);
  });
});
onAsked('answers', () => say('answers', answers));
process.channel?.ref();
server.listen(0, '127.0.0.1', () => say('ready', { port: (server.address() as AddressInfo).port }));
