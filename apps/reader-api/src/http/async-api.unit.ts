import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { describe, expect, jest, test } from '@jest/globals';
import { asyncApi } from './async-api.js';

// The parser takes seconds for a document of this size.
jest.setTimeout(60_000);

const parse = async (document: object) => {
  const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
  const errors = diagnostics.filter(({ severity }) => severity === DiagnosticSeverity.Error);
  return { parsed, errors: errors.map(({ message, path }) => `${path.join('.')}: ${message}`) };
};

describe('the AsyncAPI document', () => {
  const served = parse(asyncApi('https://paper.example/live'));

  test('a standard parser accepts it, with one channel for readers, one for the log, one for visibility', async () => {
    const { parsed, errors } = await served;
    expect(errors).toEqual([]);
    expect(parsed!.version()).toBe('3.0.0');
    const channels = parsed!.channels().all();
    expect(channels.map(channel => [channel.id(), channel.address()])).toEqual([
      ['live', '/stories/{story}/live'],
      ['log', '{log}'],
      ['visibility', '{log}.visible'],
    ]);
    expect(
      channels.map(channel =>
        channel
          .messages()
          .all()
          .map(message => message.name()),
      ),
    ).toEqual([['hello', 'change', 'resync'], ['commit'], ['visible']]);
    expect(
      parsed!
        .servers()
        .all()
        .map(server => [server.host(), server.protocol()]),
    ).toEqual([['paper.example', 'https']]);
  });

  test('it describes a commit with all events and the required headers', async () => {
    const { parsed } = await served;
    const [commit] = parsed!.channels().get('log')!.messages().all();
    expect(commit!.headers()!.required()).toEqual(expect.arrayContaining(['ce_id', 'ce_parent', 'ce_subject']));
    const payload = JSON.stringify(commit!.payload()!.json());
    for (const type of ['StoryOpened', 'DevelopmentRecorded', 'ActorAmended']) expect(payload).toContain(`"${type}"`);
  });

  test('the parser rejects it if a channel is missing', async () => {
    const broken = structuredClone(asyncApi('https://paper.example')) as { channels: Record<string, unknown> };
    delete broken.channels.log;
    expect((await parse(broken)).errors).not.toEqual([]);
  });
});
