import type { Scope } from '../access/caller.js';

/** How a route is guarded: by `read` or `admin`, not at all (`open`), or as a setting says. */
export type Door = Scope | 'open' | 'docs' | 'metrics';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route needs; `read` unless it says `admin` (in Nest: `@RouteConfig({ scope: 'admin' })`). */
    scope?: Scope;
  }
}

/** What an orchestrator asks, and it has no key. */
const OPEN: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);
const DOCS = /^\/(docs(-json|-yaml)?(\/|$)|openapi\.json$)/;
/** Routes that are about no account, or about all that the caller may see. */
const ABOUT_NO_ACCOUNT = /^\/(|health|api\/portfolio\/health|(api\/portfolio\/)?accounts)$/;

/** How the route with this pattern is guarded. What is not named here needs `read`: a new route is shut until somebody opens it. */
export function doorOf(route: string | undefined, scope: Scope = 'read'): Door {
  if (route === undefined || scope !== 'read') return scope;
  if (OPEN.has(route)) return 'open';
  if (route === '/metrics') return 'metrics';
  return DOCS.test(route) ? 'docs' : 'read';
}

/** Whether `?account=` selects what the route answers. */
export function isAboutAnAccount(route: string | undefined): boolean {
  return route !== undefined && doorOf(route) === 'read' && !ABOUT_NO_ACCOUNT.test(route);
}
