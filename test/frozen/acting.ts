import type { Client } from '../harness/client.js';
import { statement } from '../harness/statement.js';

export const story = '/stories/acts';
export const reason = 'For a reason.';

/** A story with every possible act. Every command must be answered with 201. */
export class Acting {
  position = 0;
  private count = 0;

  async did(client: Client, path: string, body: object = {}): Promise<{ development: string; commit: string }> {
    // The keys are fixed, so that the development ids are always the same.
    const { status, text, body: answer } = await client.post(path, body, { key: `act-${++this.count}` });
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
    this.position = answer.position;
    return answer;
  }

  async records(
    client: Client,
    quote: string,
    { content = {}, ...more }: { content?: object; [field: string]: unknown } = {},
  ) {
    const said = statement(quote);
    const body = { ...said, ...more, content: { ...said.content, ...content } };
    return (await this.did(client, `${story}/developments`, body)).development;
  }
}
