import { storyStream } from '#domain';
import { commitId, encode, headOf, type LogRecord } from '#event-log';
import { seal } from '#keys';
import { describe, expect, test } from '@jest/globals';
import { by, keys, opened, secrets, unbegun } from '../folds/given.fixture.js';
import { recordsOf } from '../folds/history.fixture.js';
import { arbitrateAll, settle as settleOpened, type Progress } from './settle.js';

const settle = (progress: Progress, records: readonly LogRecord[], held: Parameters<typeof settleOpened>[3] = keys) =>
  settleOpened(progress, records, arbitrateAll(progress, records), held);
const { progress: begun } = settle(unbegun, recordsOf([]));
const stream = storyStream('storm');

/** A winner with this recording time, and an id that covers it. */
function recordedAt(recorded: string): LogRecord {
  const { id: parent, seq } = headOf(begun.arbitration, stream);
  const draft = { source: 'test', stream, seq: seq + 1, parent, command: 'c', commandHash: 'h', by };
  const { headers, value } = encode({
    ...draft,
    recorded: '2026-01-01T09:00:00.000Z',
    events: seal(stream, [opened()], secrets),
  });
  const changed = { ...headers, ce_time: recorded };
  return { offset: 1, headers: { ...changed, ce_id: commitId(changed, value) }, value };
}

describe("a winner's recording time", () => {
  test('a winner whose recording time is in UTC with milliseconds is read', () => {
    const { commits, progress } = settle(begun, [recordedAt('2026-01-01T09:00:00.001Z')]);
    expect(commits).toMatchObject([{ stream, recorded: '2026-01-01T09:00:00.001Z', position: 2 }]);
    expect(progress.quarantined).toEqual(new Map());
  });

  // Date.parse accepts each one; a table cannot hold some of them, and none sorts as text.
  test.each([
    '2026-01-01T09:00:00.000Z\0',
    '2026-01-01T09:00:00Z',
    '2026-01-01T10:00:00.000+01:00',
    'Jan 1 2026 (\0)',
    '2026',
  ])('a winner with the recording time %j quarantines its stream, and the checkpoint moves on', recorded => {
    const { commits, kept, progress } = settle(begun, [recordedAt(recorded)]);
    expect(commits).toEqual([]);
    expect(kept).toMatchObject([{ stream, position: 2 }]);
    expect(progress.quarantined.get(stream)).toMatchObject({
      at: 2,
      reason: expect.stringContaining('time of recording'),
    });
    expect(progress.checkpoint).toMatchObject({ position: 2, next_offset: 2 });
  });
});
