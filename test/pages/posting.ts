import type { Client } from '../harness/client.js';

/** A statement as an editor posts it. */
export const statement = (speaker: string, quote: string, more: object = {}) => ({
  kind: 'statement',
  data: { speaker, quote },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'on-record', standing: 'confirmed', actor: speaker },
  modality: { mode: 'asserted' },
  ...more,
});

/** An editor who opens one story and posts to it. */
export class Desk {
  /** The position of the last post. */
  position = 0;

  constructor(
    private readonly editor: Client,
    readonly story: string,
  ) {}

  async open(profile: object = {}): Promise<void> {
    await this.send('/stories', {
      id: this.story,
      title: 'The harbour',
      zone: 'Europe/Lisbon',
      language: 'en',
      ...profile,
    });
    await this.send('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  }

  /** Resolves to the development's id. */
  async record(content: object, more: object = {}): Promise<string> {
    return (await this.send(`/stories/${this.story}/developments`, { content, ...more })).development;
  }

  say = (quote: string, more: object = {}) => this.record(statement('mayor', quote, more));

  async on(development: string, act: string, body: object = {}): Promise<void> {
    await this.send(`/stories/${this.story}/developments/${development}/${act}`, body);
  }

  async send(path: string, body: object): Promise<{ development: string; position: number }> {
    const answer = await this.editor.post(path, body);
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    this.position = answer.body.position;
    return answer.body;
  }
}
