import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { loadStory } from '../../apps/demo/stories/load.js';
import { opening, playPosts, registrations, type Request } from '../../apps/demo/stories/player.js';
import type { Client } from '../harness/client.js';
import { buildImage, Composition, docker, until } from './compose.js';

const pictured = 'a-picture';

/** The fields of `audit verify --json` that must be equal before and after. */
interface Verified {
  readonly equal: boolean;
  readonly winners: number;
  readonly compared: {
    readonly position: number;
    readonly tables: Readonly<Record<string, { readonly live: string }>>;
  };
}

export interface Drilled {
  readonly story: string;
  readonly position: number;
  readonly equal: { readonly before: boolean; readonly after: boolean };
  /** Tables with another hash than before. */
  readonly tablesThatDiffer: readonly string[];
  /** Paths at which readers get another answer than before. */
  readonly readersThatDiffer: readonly string[];
  /** The result of the collector: no file is old enough. */
  readonly collected: { readonly isDeleted: boolean; readonly unnamed: number; readonly takenDown: number };
  readonly seconds: { readonly backup: number; readonly restore: number; readonly untilReady: number };
}

/**
 * In a separate newsroom: posts a story and a picture, exports them, destroys the volumes of Kafka, Postgres and the blob store, restores
 * the bundle to empty ones, verifies, and compares the readers' answers. Removes everything at the end.
 */
export async function drill(folder: string, say: (line: string) => void): Promise<Drilled> {
  say('building the image, bringing a newsroom up');
  await buildImage();
  const newsroom = await Composition.of('dateline-drill');
  const audit = async (service: string, ...args: string[]) =>
    (await newsroom.compose('run', '--rm', '--no-deps', '-T', service, ...args)).trim().split('\n').at(-1)!;
  const verify = async () => JSON.parse(await audit('audit', 'verify', '--json')) as Verified;
  try {
    await newsroom.up();
    const files = loadStory(folder);
    const editor = await newsroom.as('editor');
    await postPicture(newsroom, editor);
    const position = await post(files, editor);
    say(`posted ${files.story.id}; the log stands at ${position}`);
    await until(async () => (await readers(newsroom, files.story.id)).position >= position, 'readers see it');
    const [seen, before] = [await readers(newsroom, files.story.id), await verify()];

    const backup = await timed(() => audit('audit', 'export', '--all', '--to', '/archive/drill', '--json'));
    say(`exported in ${backup.seconds} s; destroying Kafka, Postgres and the blob store`);
    await newsroom.compose('down', '--timeout', '10');
    await docker(
      'volume',
      'rm',
      ...['kafka-data', 'postgres-data', 'blobs'].map(name => `${newsroom.project}_${name}`),
    );

    await newsroom.compose('up', '-d', '--no-build', 'kafka', 'postgres');
    await newsroom.healthy('kafka', 'postgres');
    // Runs as `prepare`, which creates the topics again.
    const restored = await timed(() => audit('prepare', 'audit', 'restore', '/archive/drill', '--json'));
    say(`restored in ${restored.seconds} s: ${restored.result}`);
    const up = await timed(() => newsroom.up());
    await until(async () => (await readers(newsroom, files.story.id)).position >= position, 'readers see it again');
    const [again, after] = [await readers(newsroom, files.story.id), await verify()];
    const collected = JSON.parse(
      await audit('projector', 'audit', 'collect', '--delete', '--json'),
    ) as Drilled['collected'];
    return {
      story: files.story.id,
      position: after.compared.position,
      equal: { before: before.equal, after: after.equal },
      tablesThatDiffer: Object.entries(before.compared.tables)
        .filter(([name, { live }]) => after.compared.tables[name]?.live !== live)
        .map(([name]) => name),
      readersThatDiffer: Object.keys(seen.answers).filter(path => seen.answers[path] !== again.answers[path]),
      collected,
      seconds: { backup: backup.seconds, restore: restored.seconds, untilReady: up.seconds },
    };
  } finally {
    await newsroom.down();
  }
}

async function timed<T>(run: () => Promise<T>) {
  const began = performance.now();
  return { result: await run(), seconds: Math.round((performance.now() - began) / 100) / 10 };
}

/** Posts the whole story and retries where needed; resolves to the last position. */
async function post(files: ReturnType<typeof loadStory>, editor: Client): Promise<number> {
  let last = 0;
  const send = async ({ path, body, key }: Request) => {
    for (;;) {
      const answer = await editor.post(path, body, { key });
      if (answer.status === 202 || answer.status === 503) continue;
      if (answer.status >= 300) throw new Error(`${key} was refused: ${answer.status} ${answer.text}`);
      last = Math.max(last, answer.body.position);
      return answer.body as { development?: string };
    }
  };
  for (const request of [opening(files), ...registrations(files)]) await send(request);
  await playPosts(files, send);
  return last;
}

/** Posts a picture in another story. */
async function postPicture(newsroom: Composition, editor: Client): Promise<void> {
  const sent = async (path: string, body: object) => {
    const answer = await editor.post(path, body);
    if (answer.status >= 300) throw new Error(`${path} was refused: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  await sent('/stories', { id: pictured, title: 'A picture', zone: 'UTC' });
  const create = { width: 400, height: 300, channels: 3, background: '#224466' } as const;
  const { picture, ticket } = await newsroom.upload(pictured, await sharp({ create }).jpeg().toBuffer());
  const content = { kind: 'update', body: 'A crane.', media: [{ picture, ticket, alt: 'A crane' }] };
  await sent(`/stories/${pictured}/developments`, { content });
}

/** The SHA-256 of each rendition, by its path. */
async function renditions(newsroom: Composition): Promise<Record<string, string>> {
  const { text } = await newsroom.readers.get(`/stories/${pictured}/timeline`);
  const found: Record<string, string> = {};
  for (const [path] of text.matchAll(/\/media\/[0-9a-f]{64}/g)) {
    const answer = await fetch(`${newsroom.readerUrl}${path}`);
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
    found[path] = createHash('sha256')
      .update(Buffer.from(await answer.arrayBuffer()))
      .digest('hex');
  }
  if (Object.keys(found).length === 0) throw new Error('Readers get no picture.');
  return found;
}

/** All answers about the story for readers, by path, and the renditions of the picture. */
async function readers(newsroom: Composition, story: string) {
  const answers: Record<string, string> = {};
  const ask = async (path: string) => {
    const { status, text, body } = await newsroom.readers.get(path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
    answers[path] = text;
    return body;
  };
  const base = `/stories/${story}`;
  const { position } = await ask(base);
  for (let path: string | null = `${base}/timeline?limit=200`; path;) path = (await ask(path)).next;
  const { actors } = await ask(`${base}/actors`);
  for (const { id } of actors) await ask(`${base}/actors/${id}`);
  return { position: position as number, answers: { ...answers, ...(await renditions(newsroom)) } };
}
