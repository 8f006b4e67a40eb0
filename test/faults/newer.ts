import sharp from 'sharp';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { madeWebm } from '../../libs/recordings/src/testing/made.js';
import type { Storm } from './storm.js';

const story = 'newer';
const path = `/stories/${story}`;
const seenWithinMs = 60_000;
const update = (body: string, more: object = {}) => ({ content: { kind: 'update', body, ...more } });

interface Posted {
  readonly development: string;
  readonly commit: string;
}

const has = (old: string, ...path: string[]) => existsSync(join(old, 'libs', ...path));
/**
 * Whether the version in the folder `old` reads a plain update that this version writes. Those before teams do not, nor the first commit
 * of a story with a team: they quarantine the story.
 */
export const readsUpdates = (old: string): boolean => has(old, 'domain', 'src', 'story', 'team.ts');

/**
 * A story in which the new version writes what an older one cannot read, a recording, before and after what it may be able to read.
 */
export class NewerStory {
  private readonly developments: string[] = [];

  constructor(private readonly storm: Storm) {}

  /** To be called while all editor-apis are new. */
  async write(): Promise<void> {
    await this.post('/stories', { id: story, title: 'Newer', zone: 'UTC' });
    for (const body of [update('Both read this.'), await this.withRecording(), update('This comes afterwards.')])
      this.developments.push((await this.post(`${path}/developments`, body)).development);
  }

  /** What is wrong while the old version reads and writes. */
  async wrongInOld(old: string): Promise<string[]> {
    const all = has(old, 'recordings');
    const first = this.developments.slice(0, readsUpdates(old) ? 1 : 0);
    const storms = readsUpdates(old) ? [] : [this.storm.stream];
    const wrong = await this.wrongIn(all ? [] : [`story:${story}`, ...storms].sort(), all ? this.developments : first);
    const answer = await (
      await this.storm.as('editor')
    ).post(`${path}/developments`, update('Posted by the old version.'));
    // An editor-api opens no words, so it may take a post after words that its version cannot read. They must not be lost.
    if (answer.status === 201) this.developments.push(answer.body.development);
    else if (all || answer.status !== 503) wrong.push(`an old editor-api answered ${answer.status}: ${answer.text}`);
    return wrong;
  }

  wrongInNew = () => this.wrongIn([], this.developments);

  /** Takes words of a third story down, which the old version opens: builds that readers left must not keep them. */
  async takeDown(): Promise<void> {
    const gone = '/stories/gone';
    await this.post('/stories', { id: 'gone', title: 'Gone', zone: 'UTC', team: undefined });
    const { development } = await this.post(`${gone}/developments`, update('To go.'));
    const proposal = { ground: 'privacy', reason: 'A name.' };
    const { commit } = await this.post(`${gone}/developments/${development}/propose-takedown`, proposal);
    await this.post(`${gone}/proposals/${commit}/approve`, {}, 'legal');
  }

  private async post(to: string, body: object, role: 'editor' | 'legal' = 'editor'): Promise<Posted> {
    const { status, text, body: answer } = await (await this.storm.as(role)).post(to, body);
    if (status !== 201) throw new Error(`${to}: ${status} ${text}`);
    return answer;
  }

  private async withRecording(): Promise<object> {
    const poster = sharp({ create: { width: 320, height: 180, channels: 3, background: '#204060' } });
    const { picture, ticket } = await this.upload(await poster.jpeg().toBuffer(), 'image/jpeg');
    const recorded = await this.upload(await madeWebm(), 'video/webm');
    const recording = { file: recorded.recording, ticket: recorded.ticket };
    return update('Only the new version reads this.', { media: [{ picture, ticket, alt: 'A crane', recording }] });
  }

  private async upload(bytes: Uint8Array, type: string): Promise<Record<string, string>> {
    const { url } = this.storm.of('editor-api')[0]!;
    const headers = { Authorization: this.storm.authorization, 'Content-Type': type };
    const answer = await fetch(new URL(`${path}/media`, url), { method: 'POST', headers, body: new Uint8Array(bytes) });
    if (answer.status !== 201) throw new Error(`${type}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  }

  /** Compares the streams in quarantine, and the developments that readers get, with those that are due. */
  private async wrongIn(quarantined: readonly string[], developments: readonly string[]): Promise<string[]> {
    const due = JSON.stringify({ quarantined, developments: [...developments].sort() });
    let found = '';
    for (const end = performance.now() + seenWithinMs; found !== due && performance.now() < end; await sleep(200)) {
      // Of the stories that people post to, only the first one is compared: a later one may have been posted to by the old version alone.
      const streams = (await this.storm.quarantined()).filter(name => !name.startsWith(`${this.storm.stream}-`));
      found = JSON.stringify({ quarantined: streams, developments: await this.read() });
    }
    return found === due
      ? []
      : [`of a story that only the new version reads whole, ${due} is due, and there is ${found}`];
  }

  private async read(): Promise<string[]> {
    const { url } = this.storm.of('reader-api')[0]!;
    const answer = await fetch(new URL(`${path}/timeline`, url));
    if (!answer.ok) return [];
    const { entries } = (await answer.json()) as { readonly entries: readonly { readonly id: string }[] };
    return entries.map(({ id }) => id).sort();
  }
}
