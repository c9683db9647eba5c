import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Problem } from './problem.js';
import { PROBLEM_TYPE, pathOf, problemText } from './problem.js';
import { setSecurityHeaders } from './security-headers.js';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** There is no response yet to set the other answers' headers on; a browser shows no page of this. */
const SAFE =
  "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'";

/** How long who was refused may take to read why. Cut at once, what he still sends would take the answer away before he reads it. */
const LINGER_MS = 1_000;

/** Answers what is no HTTP request, came too slowly or had too large a header, and ends the connection. There is no route yet to name. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  // Who cut the connection reads no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  say(socket, problemOfConnection(error.code));
}

function say(socket: Duplex, problem: Problem): void {
  const body = problemText(problem, '/');
  const headers = `${SAFE}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${problem.status} ${REASONS[problem.status]}\r\n${headers}\r\n\r\n${body}`);
  // Ending closes our half only: who goes on sending would hold the other for ever.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function problemOfConnection(code: string | undefined): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'request_too_slow', detail: 'The request did not arrive in time.' };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'header_too_large', detail: 'The header is larger than the server reads.' };
  }
  return { status: 400, code: 'request_malformed', detail: 'This is not an HTTP request that can be read.' };
}

/** `Expect` with anything but `100-continue` never reaches the router: Node would answer it by itself, without a body. */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const detail = 'No expectation but 100-continue can be met.';
  const body = problemText({ status: 417, code: 'expectation_failed', detail }, pathOf(request.url ?? '/'));
  setSecurityHeaders({ request: { raw: request }, raw: response });
  response.writeHead(417, {
    ...{ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', connection: 'close' },
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** `CONNECT` asks for a tunnel to somewhere else; Node would hang up without a word. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  const detail = 'This is no proxy: it makes no tunnels.';
  // Who hung up meanwhile reads no answer.
  socket.on('error', () => socket.destroy());
  say(socket, { status: 405, code: 'method_not_allowed', detail });
}
