import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Made once: Fastify's own plugin of it makes every header anew for each request. */
const setAll = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    // Swagger's page styles itself inline and has its icons in data URLs; nothing else here is a page.
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  // Whether this host is reached by TLS only is for the proxy in front of it to say.
  strictTransportSecurity: false,
  // For browsers and plug-ins that are gone, or for pages that load others: every answer would carry them for nobody.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** What of a reply is needed; Fastify's own has it. */
interface Reply {
  readonly request: { readonly raw: IncomingMessage };
  readonly raw: ServerResponse;
}

/** Sets what tells a browser to trust an answer with nothing: for every answer, refusals too. */
export function setSecurityHeaders({ request, raw }: Reply): void {
  // It sets them at once, and throws by itself.
  setAll(request.raw, raw, () => undefined);
}
