import type { ServerResponse } from 'node:http';

/** What can go wrong with one request. `truncated` announces more than it sends; `cut_json` is whole for HTTP and cut for JSON. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: number }
  | 'html'
  | 'truncated'
  | 'cut_json'
  | 'reset'
  | { readonly lagMs: number };

interface Planned {
  readonly path: string;
  readonly fault: Fault;
  left: number;
}

/** The faults that lie ahead, each for so many requests to a path. */
export class Faults {
  private planned: Planned[] = [];

  /** The next `times` requests whose path contains `path` meet this. */
  plan(path: string, fault: Fault, times = 1): void {
    this.planned.push({ path, fault, left: times });
  }

  clear(): void {
    this.planned = [];
  }

  next(path: string): Fault | null {
    const met = this.planned.find((one) => one.left > 0 && path.includes(one.path));
    if (!met) return null;
    met.left -= 1;
    return met.fault;
  }
}

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Answers as the fault has it. Returns false when it only lagged and the answer is still to be given. */
export function answerFaulty(fault: Fault, reply: ServerResponse, whole: string): boolean {
  if (fault === 'reset') reply.destroy();
  else if (fault === 'html') reply.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  else if (fault === 'cut_json') reply.writeHead(200).end(whole.slice(0, Math.max(1, whole.length - 7)));
  else if (fault === 'truncated') {
    reply.writeHead(200, { 'content-length': String(whole.length + 100) });
    reply.write(whole.slice(0, whole.length >> 1));
    setTimeout(() => reply.destroy(), 20);
  } else if ('lagMs' in fault) return false;
  else {
    const { status, body = PAGE, retryAfter } = fault;
    reply.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }).end(body);
  }
  return true;
}
