import { changesOf, checkpointOf, emptyWriteModel, mapLayers } from '../../apps/editor-api/src/commands/kept-model.js';
import { applyRecord } from '../../apps/editor-api/src/commands/write-model.js';
import { stateFormat } from '../../apps/editor-api/src/state/state-file.js';
import { digest } from '#domain';
import { headersOf } from '#event-log';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frozen } from './frozen.js';
import { bytesOf } from './raw-record.js';

/** The digest of the state that each frozen log leaves in an editor-api's STATE_DIR, and the format of the file that has it. */
export interface KeptState {
  readonly format: number;
  readonly logs: Readonly<Record<string, string>>;
}

const file = join('test', 'frozen', 'kept-state.json');

export const recordedState = (): KeptState => JSON.parse(readFileSync(file, 'utf8')) as KeptState;
export const recordState = (state: KeptState) => writeFileSync(file, `${JSON.stringify(state, undefined, 2)}\n`);

/** What today's code keeps of the logs. */
export const stateNow = (logs: readonly Frozen[]): KeptState => ({
  format: stateFormat,
  logs: Object.fromEntries(logs.map(log => [log.name, stateOf(log)])),
});

function stateOf({ records }: Frozen): string {
  const model = records.reduce((model, { headers, value }, offset) => {
    const raw = headers.map(([name, bytes]) => [Buffer.from(name), bytesOf(bytes)] as const);
    return applyRecord(model, { offset, headers: headersOf({ headers: raw }), value: bytesOf(value ?? '') });
  }, emptyWriteModel);
  const rows = [...changesOf(mapLayers(model, layer => layer.nextGeneration()))].map(({ table, key, value }) => [
    table,
    key,
    value ?? null,
  ]);
  return digest({
    rows: rows.sort(([a, b], [c, d]) => (`${a}\n${b}` < `${c}\n${d}` ? -1 : 1)),
    checkpoint: JSON.stringify(checkpointOf(model, 0, '')),
  });
}

/** What has to be done about a state that is kept in another form, as a sentence; undefined if nothing has. */
export function toDo(recorded: KeptState, now: KeptState): string | undefined {
  const changed = Object.keys(recorded.logs).filter(log => recorded.logs[log] !== now.logs[log]);
  if (changed.length > 0 && recorded.format === now.format)
    return (
      `The editor-api keeps another state of the logs ${changed.join(', ')}, in a file of the same format. An editor-api that ` +
      'starts on a file of the version before would decide from a state that this version does not mean. Raise `stateFormat` in ' +
      'apps/editor-api/src/state/state-file.ts by one, then run `UPDATE_STATE=1 npm test -- --no-lint kept-state` and commit the digests.'
    );
  if (JSON.stringify(recorded) !== JSON.stringify(now))
    return 'Run `UPDATE_STATE=1 npm test -- --no-lint kept-state` and commit test/frozen/kept-state.json.';
  return undefined;
}
