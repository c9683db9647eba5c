/** What a caller may do: `read` every answer, `admin` also what changes something. */
export type Scope = 'read' | 'admin';

export const SCOPES: readonly Scope[] = ['read', 'admin'];

/** Who asks, as far as it decides what he gets. */
export interface Caller {
  /** Names the key or the token's subject; never a secret. Requests are counted by it. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The accounts that exist for him; every other one does not. */
  readonly accounts: ReadonlySet<string> | 'all';
}

/** Somebody who needs no key here: he may read everything and change nothing. */
export const ANYBODY: Caller = { id: 'anybody', scopes: new Set<Scope>(['read']), accounts: 'all' };

export function maySee(caller: Caller, accountId: string): boolean {
  return caller.accounts === 'all' || caller.accounts.has(accountId);
}

/** Who may change may also look. */
export function mayDo(caller: Caller, scope: Scope): boolean {
  return caller.scopes.has(scope) || caller.scopes.has('admin');
}
