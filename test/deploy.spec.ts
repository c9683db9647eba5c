import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service, ServiceAccount } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../src/config.js';
import { renderTemplate } from './support/helm-template.js';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** The operator's own kind, which no package validates; its schema, as far as we use it. */
const MONITOR = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('ServiceMonitor'),
  metadata: z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.strictObject({
    selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    endpoints: z.array(
      z.strictObject({
        port: z.string(),
        path: z.string(),
        interval: z.string(),
        authorization: z.strictObject({
          type: z.literal('Bearer'),
          credentials: z.strictObject({ name: z.string(), key: z.string() }),
        }),
      }),
    ),
  }),
});

const KINDS: Record<string, new (manifest: never) => { validate(): void }> = {
  ...{
    ConfigMap,
    Deployment,
    HorizontalPodAutoscaler,
    Job,
    NetworkPolicy,
    PodDisruptionBudget,
    Service,
    ServiceAccount,
  },
};

function validate(manifest: Manifest): void {
  if (manifest.kind === 'ServiceMonitor') return void MONITOR.parse(manifest);
  const Kind = KINDS[manifest.kind];
  if (!Kind) throw new Error(`nobody validates a ${manifest.kind}`);
  new Kind(manifest as never).validate();
}

const BASE = 'deploy/k8s/base';
const documentsOf = (text: string) =>
  parseAllDocuments(text)
    .map((one) => one.toJS() as Manifest)
    .filter(Boolean);
const resources = (parse(readFileSync(`${BASE}/kustomization.yaml`, 'utf8')) as { resources: string[] })
  .resources;
const base = resources.flatMap((file) => documentsOf(readFileSync(`${BASE}/${file}`, 'utf8')));

function chart(release: string, changed: object = {}): Manifest[] {
  const about = parse(readFileSync('deploy/helm/Chart.yaml', 'utf8')) as { appVersion: string };
  const values = parse(readFileSync('deploy/helm/values.yaml', 'utf8')) as object;
  const scope = {
    Values: { ...values, ...changed },
    Release: { Name: release },
    Chart: { AppVersion: about.appVersion },
  };
  const files = readdirSync('deploy/helm/templates').sort();
  return files.flatMap((file) =>
    documentsOf(renderTemplate(readFileSync(`deploy/helm/templates/${file}`, 'utf8'), scope)),
  );
}

const find = (manifests: readonly Manifest[], kind: string) => manifests.find((one) => one.kind === kind)!;
const byKind = (manifests: readonly Manifest[]) =>
  Object.fromEntries(manifests.map((one) => [one.kind, one]));

describe('the kustomize base', () => {
  test('lists every file that is there', () => {
    const files = readdirSync(BASE).filter((name) => name !== 'kustomization.yaml');
    expect([...resources].sort()).toEqual(files.sort());
  });

  test.each(base.map((one) => [one.kind, one] as const))('%s is valid by its schema', (_kind, manifest) => {
    expect(() => validate(manifest)).not.toThrow();
  });

  test('a wrong field is found', () => {
    const wrong = structuredClone(find(base, 'Deployment')) as { spec: Record<string, unknown> };
    wrong.spec['replicas'] = 'two';
    expect(() => validate(wrong as never)).toThrow();
    expect(() => validate({ ...find(base, 'ServiceMonitor'), spec: { endpoint: [] } })).toThrow();
  });

  test.each(['Deployment', 'Job'])('the pods of its %s keep to the standard “restricted”', (kind) => {
    const { template } = find(base, kind).spec as { template: { spec: PodSpec } };
    const pod = template.spec;
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext, resources: asked } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(asked.limits).toHaveProperty('memory');
    }
    expect(pod.volumes.every((volume) => 'secret' in volume)).toBe(true);
  });

  test('its settings are settings, and hold no secret', () => {
    const { data = {} } = find(base, 'ConfigMap');
    const settings = Object.fromEntries(Object.entries(data).filter(([name]) => !name.endsWith('_FILE')));
    const config = readConfig({}, { ...settings, DATABASE_URL: 'postgres://h/d', REDIS_URL: 'redis://h' });
    expect(Object.keys(settings).filter((name) => !(name.replace('PORTFOLIO_', '') in config))).toEqual([]);
    expect(JSON.stringify(base)).not.toMatch(/:\/\/[^"]*:[^"]*@|password/i);
  });

  test('its parts find each other', () => {
    const pods = { 'app.kubernetes.io/name': 'portfolio-intelligence' };
    const {
      Deployment: deployment,
      Service: service,
      ServiceMonitor: monitor,
      PodDisruptionBudget: budget,
      HorizontalPodAutoscaler: scaler,
    } = byKind(base);
    const { template, selector } = deployment!.spec as {
      template: { metadata: { labels: object }; spec: PodSpec };
      selector: object;
    };
    expect([template.metadata.labels, selector]).toEqual([pods, { matchLabels: pods }]);
    expect(service!.spec).toMatchObject({ selector: pods, ports: [{ name: 'http', targetPort: 'http' }] });
    expect(template.spec.containers[0]!.ports).toEqual([{ name: 'http', containerPort: 8004 }]);
    expect([monitor!.spec, budget!.spec]).toMatchObject([
      { selector: { matchLabels: pods } },
      { selector: { matchLabels: pods } },
    ]);
    expect(scaler!.spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: deployment!.metadata.name },
    });
    // A fixed number beside a scaler would be set back with each apply.
    expect(deployment!.spec).not.toHaveProperty('replicas');
  });
});

describe('the Helm chart', () => {
  test('with its own values says what the base says', () => {
    const rendered = chart('portfolio-intelligence').map((manifest) => withoutHook(manifest));
    expect(byKind(rendered)).toEqual(byKind(base.map((manifest) => withoutAccount(manifest))));
    expect(rendered).toHaveLength(base.length);
  });

  test('under another name and with other values is valid, too', () => {
    const rendered = chart('desk', {
      image: { repository: 'registry.example/portfolio', tag: '9' },
      replicas: { least: 3, most: 9 },
      settings: { PORTFOLIO_AUTH_ISSUER: 'https://issuer.example', PORTFOLIO_BATCH_SIZE: 100 },
      secrets: { service: 'own', owner: 'own-owner', metrics: '' },
      monitoring: { enabled: false, namespace: 'watch' },
    });
    for (const manifest of rendered) expect(() => validate(manifest)).not.toThrow();
    expect(rendered.map(({ kind }) => kind)).not.toContain('ServiceMonitor');
    expect(find(rendered, 'ConfigMap').data).toMatchObject({ PORTFOLIO_BATCH_SIZE: '100' });
    expect(find(rendered, 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 3, maxReplicas: 9 });
    expect(JSON.stringify(rendered)).toContain('"image":"registry.example/portfolio:9"');
    expect(JSON.stringify(rendered)).toContain('"secretName":"own-owner"');
    expect(JSON.stringify(rendered)).not.toContain('portfolio-intelligence');
  });

  test('is not rendered where it goes beyond what is rendered here', () => {
    expect(() => renderTemplate('{{ include "x" }}', {})).toThrow('include');
    expect(() => renderTemplate('{{ .Values.gone }}', { Values: {} })).toThrow('not there');
    expect(() => renderTemplate('{{ if .Values }}', { Values: {} })).toThrow('no end');
  });
});

const kubectl = process.env['PATH']!.split(':').some((folder) => {
  try {
    return readdirSync(folder).includes('kubectl');
  } catch {
    return false;
  }
});

(kubectl ? test : test.skip)('kubectl builds the same from the base (skipped where there is none)', () => {
  const built = documentsOf(execFileSync('kubectl', ['kustomize', BASE]).toString());
  expect(byKind(built)).toEqual(byKind(base));
});

interface PodSpec {
  readonly securityContext: object;
  readonly containers: { securityContext: object; resources: { limits: object }; ports?: object[] }[];
  readonly volumes: object[];
}

/** Helm runs the Job as a hook, before there is a ServiceAccount: there the chart differs on purpose. */
function withoutHook(manifest: Manifest): Manifest {
  const { annotations, ...metadata } = manifest.metadata;
  if (manifest.kind === 'Job') expect(annotations).toHaveProperty(['helm.sh/hook']);
  return { ...manifest, metadata };
}

function withoutAccount(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Job') return manifest;
  const copy = structuredClone(manifest) as unknown as {
    spec: { template: { spec: { serviceAccountName?: string } } };
  };
  delete copy.spec.template.spec.serviceAccountName;
  return copy as unknown as Manifest;
}
