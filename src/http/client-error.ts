import type { Socket } from 'node:net';
import type { Problem } from './problem.js';
import { PROBLEM_TYPE, problemText } from './problem.js';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers what is no HTTP request, came too slowly or had too large a header, and ends the connection. There is no route yet to name. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  // Who cut the connection reads no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = problemOfConnection(error.code);
  const body = problemText(problem, '/');
  const headers = `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${problem.status} ${REASONS[problem.status]}\r\n${headers}\r\n\r\n${body}`);
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
