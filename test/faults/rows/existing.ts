// Rows that repeat tests of `npm test`, which are short forms of these faults on real servers.
import { testsRow } from './tests.js';

export const race = testsRow(
  {
    name: 'race',
    fault: 'two editor-apis that post to one story, and one command sent to both at once',
    invariant: 'exactly the acknowledged commands are recorded, each once',
    long: 20,
  },
  { kind: 'e2e', files: ['test/faults/race.e2e.ts'] },
);

export const projector = testsRow(
  {
    name: 'projector',
    fault:
      'the projector killed within a batch, at any moment, within a rebuild, and between destroying a key and changing the rows',
    invariant: 'the tables have the hash of an undisturbed projector’s',
    long: 20,
  },
  {
    kind: 'e2e',
    files: ['test/faults/projector-killed.e2e.ts', 'test/faults/rebuild.e2e.ts', 'test/faults/takedown-killed.e2e.ts'],
  },
);

export const broker = testsRow(
  {
    name: 'broker',
    fault: 'Kafka behind a line that delays, cuts and swallows requests and answers; topics replaced and truncated',
    invariant:
      'what was reported as sent is in the log once, what was not sent never; a reader gets each record once, or stops',
    long: 20,
  },
  { kind: 'int', files: ['libs/event-log/src/kafka/faults.int.ts', 'libs/event-log/src/kafka/topic.int.ts'] },
);

export const store = testsRow(
  {
    name: 'store',
    fault:
      'the desk’s state on disk truncated, with flipped bytes, of another log, ahead of the log, on a full disk, left by kill -9',
    invariant: 'it is deleted, or equals what the log gives',
    long: 100,
  },
  {
    kind: 'unit',
    files: ['test/simulation/state-on-disk.unit.ts', 'apps/editor-api/src/state/state-file.unit.ts'],
  },
);

export const poison = testsRow(
  {
    name: 'poison',
    fault:
      'records with flipped bytes, of a future schema, of unknown types, with a foreign parent, of another log, with headers twice or too many, as large as the broker takes',
    invariant:
      'they are void or quarantine only their stream; no process halts or skips a record, and an upgrade gives the rows of a replay',
    long: 20,
  },
  {
    kind: 'int',
    files: [
      'libs/event-log/src/kafka/record-headers.int.ts',
      'libs/event-log/src/kafka/control-records.int.ts',
      'libs/projections/src/engine/quarantine.int.ts',
      'test/faults/poison.int.ts',
    ],
  },
  { kind: 'e2e', files: ['test/faults/forged-record.e2e.ts'] },
);

export const regress = testsRow(
  {
    name: 'regress',
    fault:
      'a log that went back or was truncated before the projector starts and while it runs, another log at its start, and a topic that is set to lose records while projector and editor-api run',
    invariant: 'the process halts, and the projector changes nothing',
    long: 20,
  },
  {
    kind: 'int',
    files: [
      'test/faults/projector-guards.int.ts',
      'test/faults/editor-guards.int.ts',
      'apps/projector/src/loop/guards.int.ts',
    ],
  },
);

export const leader = testsRow(
  {
    name: 'leader',
    fault: 'of three brokers in containers the leader of the log killed under load, and two of them killed',
    invariant: 'no acknowledged post is lost, none is acknowledged by one broker alone, and posting goes on',
    long: 20,
  },
  { kind: 'containers', files: ['test/containers/cluster.containers.ts'], named: 'broker is killed|brokers are down' },
);

export const cut = testsRow(
  {
    name: 'cut',
    fault: 'the broker, then Postgres, silent in its container: connections stay open and nothing is answered',
    invariant: 'posts are pending or refused, each pending one gets its answer, and everything goes on afterwards',
    long: 20,
  },
  { kind: 'containers', files: ['test/containers/compose.containers.ts'], named: 'is paused' },
);

export const upgrade = testsRow(
  {
    name: 'upgrade',
    fault: 'logs, rows and stores of every version so far',
    invariant: 'they replay to the same rows, byte for byte, and verify gives the same result',
    long: 20,
  },
  { kind: 'int', files: ['test/frozen/frozen.int.ts'] },
);
