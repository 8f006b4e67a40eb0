import { settings } from '#platform';
import { describe, expect, test } from '@jest/globals';
import * as models from 'kubernetes-models';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its schema is checked below
  readonly [field: string]: any;
}

const text = (path: string) => readFileSync(path, 'utf8');
const folder = 'docker/kubernetes';
const files = readdirSync(folder).filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml');
const manifests = files.flatMap(name =>
  parseAllDocuments(text(`${folder}/${name}`)).map(document => document.toJS() as Manifest),
);
const pods = manifests.flatMap(({ kind, metadata, spec }) =>
  spec?.template ? [{ what: `${kind} ${metadata.name}`, pod: spec.template.spec }] : [],
);

/** Kubernetes' own schema of that kind: the package has a class for each. */
function validate({ apiVersion, kind, ...rest }: Manifest): void {
  const { [kind]: Model } = apiVersion.split('/').reduce<Record<string, unknown>>((found, name) => {
    const part = name.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
    return found[part] as Record<string, unknown>;
  }, models as never) as Record<string, new (data: unknown) => { validate(): void }>;
  if (!Model) throw new Error(`There is no ${kind} of ${apiVersion}.`);
  new Model({ apiVersion, kind, ...rest }).validate();
}

/** The names of settings that apps read; what is kept in a file is named so. */
const isSetting = (name: string) => name in settings || (name.endsWith('_FILE') && name.slice(0, -5) in settings);

describe('the manifests for Kubernetes', () => {
  test.each(manifests.map(it => [`${it.kind} ${it.metadata.name}`, it] as const))('%s has its schema', (_, manifest) =>
    validate(manifest),
  );

  test('a manifest with a wrong value is found', () => {
    const wrong = manifests.find(({ kind }) => kind === 'Deployment')!;
    expect(() => validate({ ...wrong, spec: { ...wrong.spec, replicas: 'two' } })).toThrow('replicas');
  });

  test.each(pods)('$what runs as nobody, on a file system that it cannot write', ({ pod }) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits.memory).toBeDefined();
    }
  });

  test('every deployment is probed, and may be disturbed one pod at a time', () => {
    const named = (kind: string) => manifests.filter(it => it.kind === kind).map(({ metadata }) => metadata.name);
    expect(named('PodDisruptionBudget').sort()).toEqual(named('Deployment').sort());
    for (const { kind, spec } of manifests)
      if (kind === 'Deployment')
        for (const container of spec.template.spec.containers)
          expect(container).toMatchObject({ startupProbe: {}, livenessProbe: {}, readinessProbe: {} });
  });

  test('every setting in them is one that apps read', () => {
    const given = [
      ...manifests.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data)),
      ...pods.flatMap(({ pod }) => pod.containers[0].env.map(({ name }: { name: string }) => name)),
    ];
    expect(given.filter(name => !isSetting(name))).toEqual([]);
  });
});

describe('the dashboard and the alerts', () => {
  const metric = /dateline_[a-z_]+/g;
  const sources = ['editor-api', 'projector', 'reader-api'].flatMap(app =>
    readdirSync(`apps/${app}/src`, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => text(`apps/${app}/src/${name}`)),
  );
  const platform = readdirSync('libs/platform/src/telemetry').map(name => text(`libs/platform/src/telemetry/${name}`));
  const known = new Set([...sources, ...platform].join('\n').match(metric));

  test.each(['docker/observe/dateline.json', 'docker/observe/alerts.yml'])('%s asks for what apps tell', file => {
    const asked = new Set(
      text(file)
        .match(metric)!
        .map(name => name.replace(/_(bucket|count|sum)$/, '')),
    );
    expect(asked.size).toBeGreaterThan(3);
    expect([...asked].filter(name => !known.has(name))).toEqual([]);
  });

  test('every alert is explained', () => {
    const operate = text('docs/operate.md');
    const alerts = [...text('docker/observe/alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
    expect(alerts.filter(name => !operate.includes(`**${name}**`))).toEqual([]);
  });
});
