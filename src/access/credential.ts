/** The headers that may carry a key. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
}

const BEARER = /^bearer +(\S+) *$/i;

/** What a request shows at the door: `Authorization: Bearer …`, else `X-API-Key: …`; null when neither. */
export function credentialOf(headers: CredentialHeaders): string | null {
  const { authorization } = headers;
  // Another scheme (a proxy's own Basic, say) is not meant for us.
  const bearer = authorization === undefined ? null : BEARER.exec(authorization);
  if (bearer) return bearer[1]!;
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}
