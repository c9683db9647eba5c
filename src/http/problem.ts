import type { Json } from '../shared/json-text.js';
import { jsonText } from '../shared/json-text.js';

/** The kinds of problem and what they are called; a kind is a promise to clients and never renamed. */
const TITLES = {
  parameter_unknown: 'Unknown parameter',
  parameter_malformed: 'Malformed parameter',
  cursor_malformed: 'Malformed cursor',
  metric_unknown: 'No such metric',
  request_malformed: 'Malformed request',
  account_unknown: 'No such account',
  route_unknown: 'No such route',
  method_not_allowed: 'Method not allowed',
  body_too_large: 'Body too large',
  url_too_long: 'URL too long',
  header_too_large: 'Header too large',
  request_too_slow: 'Request too slow',
  media_type_unsupported: 'Unsupported media type',
  expectation_failed: 'Expectation failed',
  request_refused: 'Request refused',
  credentials_missing: 'A key is needed',
  credentials_invalid: 'This key lets nobody in',
  scope_missing: 'This key may not do that',
  host_unknown: 'Not asked by a name of ours',
  too_many_requests: 'Too many requests',
  starting: 'Still starting',
  not_ready: 'Not ready',
  dependency_unavailable: 'A dependency is away',
  internal_error: 'Internal error',
} as const;

export type ProblemCode = keyof typeof TITLES;

/** Why there is no answer. */
export interface Problem {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** Further members of the document. */
  readonly more?: { readonly [key: string]: Json };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown at the door for a request that is answered with a problem. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The document of RFC 9457; `instance` is the path that was asked for, without its query. */
export function problemText({ status, code, detail, more }: Problem, instance: string): string {
  const type = `urn:portfolio-intelligence:problem:${code}`;
  return jsonText({ type, title: TITLES[code], status, detail, code, instance, ...more });
}

export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
