import { isPublicAddress } from '#captures';
import { describe, expect, test } from '@jest/globals';
import * as models from 'kubernetes-models';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '../docs/settings.js';

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
const pods = manifests.flatMap(({ kind, metadata, spec }) => {
  const template = (spec?.jobTemplate?.spec ?? spec)?.template;
  return template ? [{ what: `${kind} ${metadata.name}`, pod: template.spec }] : [];
});

/** Validates against Kubernetes' schema of that kind: the package has a class for each. */
function validate({ apiVersion, kind, ...rest }: Manifest): void {
  const { [kind]: Model } = apiVersion.split('/').reduce<Record<string, unknown>>((found, name) => {
    const part = name.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
    return found[part] as Record<string, unknown>;
  }, models as never) as Record<string, new (data: unknown) => { validate(): void }>;
  if (!Model) throw new Error(`There is no ${kind} of ${apiVersion}.`);
  new Model({ apiVersion, kind, ...rest }).validate();
}

/** The names of settings that apps read, with or without the suffix for a file. */
const isSetting = (name: string) => name in settings || (name.endsWith('_FILE') && name.slice(0, -5) in settings);

describe('the manifests for Kubernetes', () => {
  test.each(manifests.map(it => [`${it.kind} ${it.metadata.name}`, it] as const))(
    '%s is valid by the schema of its kind',
    (_, manifest) => validate(manifest),
  );

  test.each(files)('%s is valid YAML without repeated keys', name =>
    expect(parseAllDocuments(text(`${folder}/${name}`)).flatMap(({ errors }) => errors)).toEqual([]),
  );

  test('the schema rejects a manifest with a wrong value', () => {
    const wrong = manifests.find(({ kind }) => kind === 'Deployment')!;
    expect(() => validate({ ...wrong, spec: { ...wrong.spec, replicas: 'two' } })).toThrow('replicas');
  });

  test.each(pods)('$what runs as an unprivileged user with a read-only file system and limits', ({ pod }) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits).toMatchObject({ cpu: expect.anything(), memory: expect.anything() });
    }
    for (const { emptyDir } of pod.volumes) if (emptyDir) expect(emptyDir.sizeLimit).toBeDefined();
  });

  test('every network policy names its peers and ports, and the two APIs have different ingress', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    const ways = policies.flatMap(({ spec }) => [...(spec.egress ?? []), ...(spec.ingress ?? [])]);
    expect(ways.length).toBeGreaterThan(6);
    for (const { to, from, ports } of ways) {
      expect((to ?? from).length).toBeGreaterThan(0);
      expect(ports.length).toBeGreaterThan(0);
      for (const { ipBlock } of to ?? []) if (ipBlock) expect(ipBlock.except).toContain('10.0.0.0/8');
    }
    const label = (app: string) =>
      JSON.stringify(
        policies.find(({ spec }) => spec.ingress && spec.podSelector.matchLabels?.app === app)?.spec.ingress,
      );
    expect(label('reader-api')).not.toBe(label('editor-api'));
  });

  test('the fetcher may ask public addresses and nothing else, and only the editor-api may ask it', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    const selects = ({ spec }: Manifest) =>
      spec.podSelector.matchLabels?.app === 'fetcher' ||
      spec.podSelector.matchExpressions?.some(({ values }: { values: string[] }) => values.includes('fetcher'));
    const named = policies.filter(selects).map(({ metadata }) => metadata.name);
    expect(named.sort()).toEqual(['fetcher-from-editor-api', 'fetcher-to-sites', 'from-monitoring']);
    const [{ ipBlock }] = policies.find(({ metadata }) => metadata.name === 'fetcher-to-sites')!.spec.egress[0].to;
    for (const [network] of ipBlock.except.map((range: string) => range.split('/')))
      expect({ network, isPublic: isPublicAddress(network) }).toEqual({ network, isPublic: false });
    for (const range of ['10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'])
      expect(ipBlock.except).toContain(range);
  });

  test('a pod for audits may reach Kafka and Postgres, and nothing else', () => {
    const ways = manifests.filter(
      it => it.kind === 'NetworkPolicy' && JSON.stringify(it.spec.podSelector).includes('"audit"'),
    );
    expect(ways.map(({ metadata }) => metadata.name).sort()).toEqual(['to-kafka', 'to-postgres']);
  });

  test('the settings name the token issuer, the public addresses and the place for heads', () => {
    const given = Object.assign({}, ...manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data));
    for (const name of [
      'JWKS_URL',
      'JWT_ISSUER',
      'JWT_AUDIENCE',
      'REVOKED_FILE',
      'PUBLIC_URL',
      'HEADS_TO',
      'SIGNING_KEY_FILE',
    ])
      expect(given[name]).toMatch(/./);
    expect(given.AUTH).toBe('jwks');
  });

  test('every app has probes and a disruption budget', () => {
    const named = (...kinds: string[]) =>
      manifests.filter(it => kinds.includes(it.kind)).map(({ metadata }) => metadata.name);
    expect(named('PodDisruptionBudget').sort()).toEqual(named('Deployment', 'StatefulSet').sort());
    for (const { kind, spec } of manifests)
      if (kind === 'Deployment' || kind === 'StatefulSet')
        for (const container of spec.template.spec.containers)
          expect(container).toMatchObject({ startupProbe: {}, livenessProbe: {}, readinessProbe: {} });
  });

  test('the editor-api keeps its state in a volume that a new pod finds again', () => {
    const { spec } = manifests.find(({ kind }) => kind === 'StatefulSet')!;
    const [container] = spec.template.spec.containers;
    const folder = container.env.find(({ name }: { name: string }) => name === 'STATE_DIR').value;
    const mount = container.volumeMounts.find(({ mountPath }: { mountPath: string }) => mountPath === folder);
    expect(spec.volumeClaimTemplates.map(({ metadata }: Manifest) => metadata.name)).toEqual([mount.name]);
    expect(spec.template.spec.volumes.map(({ name }: { name: string }) => name)).not.toContain(mount.name);
  });

  test('files that nothing shows are deleted each night, by the projector’s rights, by one process at a time', () => {
    const { spec } = manifests.find(({ kind }) => kind === 'CronJob')!;
    expect(spec).toMatchObject({ schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/), concurrencyPolicy: 'Forbid' });
    const { pod } = pods.find(({ what }) => what === 'CronJob collect')!;
    const { pod: projector } = pods.find(({ what }) => what === 'Deployment projector')!;
    const [container] = pod.containers;
    expect(container.args).toEqual(['audit', 'collect', '--delete']);
    const env = (of: typeof pod, name: string) =>
      of.containers[0].env.find((each: { name: string }) => each.name === name).value;
    for (const name of ['KAFKA_SASL_USERNAME', 'DATABASE_URL_FILE']) expect(env(pod, name)).toBe(env(projector, name));
    expect(pod.volumes).toEqual(projector.volumes);
    const ways = manifests.filter(
      it => it.kind === 'NetworkPolicy' && JSON.stringify(it.spec.podSelector).includes('"collect"'),
    );
    expect(ways.map(({ metadata }) => metadata.name).sort()).toEqual(['to-kafka', 'to-postgres']);
  });

  test('as many processes as may run have enough connections to Postgres', () => {
    const sql = text('libs/postgres/roles/server.sql');
    const limits = new Map(
      [...sql.matchAll(/alter role (\w+) connection limit (\d+)/g)].map(([, role, limit]) => [role!, Number(limit)]),
    );
    const operate = text('docs/operate.md');
    const each = (app: string) => Number(new RegExp(`an? ${app}\\s(?:needs\\s)?up to (\\d+)`).exec(operate)![1]);
    const specOf = (kind: string, name: string) =>
      manifests.find(it => it.kind === kind && it.metadata.name === name)!.spec;
    const { maxSurge } = specOf('Deployment', 'reader-api').strategy.rollingUpdate;
    const readers = specOf('HorizontalPodAutoscaler', 'reader-api').maxReplicas + maxSurge;
    expect(readers * each('reader-api')).toBeLessThanOrEqual(limits.get('dateline_reader')!);
    const editors = specOf('StatefulSet', 'editor-api').replicas;
    expect(editors * each('editor-api')).toBeLessThanOrEqual(limits.get('dateline_editor')!);
    const [, connections] = /max_connections=(\d+)/.exec(text('docker/compose.yaml'))!;
    // Postgres keeps three for superusers, and the owner needs some.
    expect([...limits.values()].reduce((sum, limit) => sum + limit)).toBeLessThan(Number(connections) - 3);
  });

  test('apps read every setting in the manifests', () => {
    const given = [
      ...manifests.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data)),
      ...pods.flatMap(({ pod }) => pod.containers[0].env.map(({ name }: { name: string }) => name)),
    ];
    // Node's own option, which limits the heap.
    expect(given.filter(name => !isSetting(name) && name !== 'NODE_OPTIONS')).toEqual([]);
  });
});

describe('the compose files', () => {
  const overlays = ['compose', 'compose.cluster', 'compose.observe'];
  const read = (name: string) =>
    parse(text(`docker/${name}.yaml`), { merge: true }).services as Record<string, Service>;
  interface Service {
    readonly image?: string;
    readonly networks?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  }

  test.each(overlays)('%s limits the resources of each service and drops its capabilities', name => {
    for (const [service, it] of Object.entries(read(name)))
      if (it.image) {
        expect([service, it]).toEqual([service, expect.objectContaining({ cap_drop: ['ALL'] })]);
        for (const bound of ['mem_limit', 'pids_limit', 'cpus', 'security_opt'])
          expect([service, it[bound]]).toEqual([service, expect.anything()]);
      }
  });

  test.each(overlays)('%s builds our image for each service that runs it, and gives its name to no other', name => {
    const services = Object.values(read(name)).filter(({ image }) => image);
    for (const { image, build } of services)
      expect([image, build !== undefined]).toEqual([image, /^dateline:/.test(image!)]);
  });

  test('the reader-api shares a network only with Postgres', () => {
    const services = read('compose');
    const within = (network: string) =>
      Object.keys(services)
        .filter(name => services[name]!.networks?.includes(network))
        .sort();
    expect(services['reader-api']!.networks!.map(within)).toEqual([['reader-api'], ['postgres', 'reader-api']]);
    expect(services.projector!.networks).toEqual(['log', 'rows']);
  });

  test('the fetcher shares a network only with the editor-api, and neither has it a way to the log or the database', () => {
    const services = read('compose');
    const others = Object.keys(services).filter(name =>
      services[name]!.networks?.some(network => services.fetcher!.networks!.includes(network)),
    );
    expect(others.sort()).toEqual(['editor-api', 'fetcher']);
    expect(services.fetcher!.networks).toEqual(['captures', 'outside']);
    expect(Object.keys(services.fetcher!.environment!).filter(name => /KAFKA|DATABASE|KEY/.test(name))).toEqual([]);
  });

  test('files that nothing shows are deleted once a day, by the projector’s rights', () => {
    const { collect, projector } = read('compose') as { [name: string]: Service & { volumes?: string[] } };
    expect(collect).toMatchObject({
      entrypoint: ['/app/docker/bin/daily.sh'],
      command: ['audit', 'collect', '--delete'],
      networks: projector!.networks,
    });
    const secrets = ({ volumes = [] }: { volumes?: string[] }) => volumes.filter(name => name.startsWith('secrets-'));
    expect(secrets(collect!)).toEqual(secrets(projector!));
    expect(read('compose.cluster').collect!.environment).toEqual(read('compose.cluster').projector!.environment);
  });

  test('what runs daily runs again after a failure, and ends at once when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-daily-'));
    const noted = join(folder, 'noted');
    const program = (name: string, lines: string) =>
      writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >>'${noted}'\n${lines}\n`, { mode: 0o755 });
    program('dateline', 'exit 2');
    // The third time it waits.
    program('sleep', `[ "$(grep -c ^sleep '${noted}')" -lt 3 ] || exec /bin/sleep 60`);
    const PATH = `${folder}:${process.env.PATH}`;
    const daily = spawn('docker/bin/daily.sh', ['audit', 'collect'], {
      env: { PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    daily.stderr.on('data', data => (said += data));
    while (!existsSync(noted) || text(noted).split('\n').length < 6)
      await new Promise(resolve => setTimeout(resolve, 20));
    daily.kill('SIGTERM');
    expect(await once(daily, 'close')).toEqual([0, null]);
    const day = ['dateline audit collect', 'sleep 86400'];
    expect(text(noted).trim().split('\n')).toEqual(['sleep 3600', ...day, ...day]);
    expect(said).toBe('dateline audit collect ended with 2; it runs again tomorrow\n'.repeat(2));
    rmSync(folder, { recursive: true });
  });

  test('compose passes on every setting that docs/operate.md names for containers', () => {
    const [, section] = /## In containers\n([\s\S]*?)\nOn Kubernetes:/.exec(text('docs/operate.md'))!;
    const named = [...section!.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([A-Z][A-Z_]+)(?:=\w+)?`/g)];
    const passed = new Set(Object.values(read('compose')).flatMap(({ environment }) => Object.keys(environment ?? {})));
    const isPassed = (name: string) => passed.has(name) || passed.has(`${name}_FILE`);
    const asked = named.map(([, name]) => name!).filter(name => name in settings);
    expect(asked).toContain('CAPTURE_NETWORKS');
    expect(asked.filter(name => !isPassed(name))).toEqual([]);
  });

  test('the services have their public addresses, and the projector has a place for heads', () => {
    const services = read('compose');
    expect(services.projector!.environment).toMatchObject({
      HEADS_TO: expect.stringMatching(/./),
      SIGNING_KEY_FILE: '/run/secrets/signing-key.json',
    });
    for (const app of ['editor-api', 'reader-api']) expect(services[app]!.environment!.PUBLIC_URL).toMatch(/./);
  });
});

describe('the dashboard and the alerts', () => {
  const metric = /dateline_[a-z_]+/g;
  const sources = ['editor-api', 'projector', 'reader-api', 'fetcher'].flatMap(app =>
    readdirSync(`apps/${app}/src`, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => text(`apps/${app}/src/${name}`)),
  );
  const platform = readdirSync('libs/platform/src/telemetry').map(name => text(`libs/platform/src/telemetry/${name}`));
  const known = new Set([...sources, ...platform].join('\n').match(metric));

  test.each(['docker/observe/dateline.json', 'docker/observe/alerts.yml'])(
    '%s uses only metrics that apps export',
    file => {
      const asked = new Set(
        text(file)
          .match(metric)!
          .map(name => name.replace(/_(bucket|count|sum)$/, '')),
      );
      expect(asked.size).toBeGreaterThan(3);
      expect([...asked].filter(name => !known.has(name))).toEqual([]);
    },
  );

  test('an app that Prometheus cannot find at all is down too', () => {
    const jobs = parse(text('docker/observe/prometheus.yml')).scrape_configs.map(
      (it: { job_name: string }) => it.job_name,
    );
    const [{ rules }] = parse(text('docker/observe/alerts.yml')).groups as [
      { rules: { alert: string; expr: string }[] },
    ];
    const { expr } = rules.find(({ alert }) => alert === 'AppDown')!;
    expect(expr).toContain(`up{job=~"${jobs.join('|')}"} == 0`);
    for (const job of jobs) expect(expr).toContain(`or absent(up{job="${job}"})`);
  });

  test('docs/operate.md explains every alert', () => {
    const operate = text('docs/operate.md');
    const alerts = [...text('docker/observe/alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
    expect(alerts.filter(name => !operate.includes(`**${name}**`))).toEqual([]);
  });
});
