import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestNewsroom } from '../../harness/newsroom.js';
import { runsFolder } from '../results.js';
import type { Found, Row } from '../row.js';
import { askAtRandom, installSchemathesis, type Api, type Generation } from '../schemathesis.js';
import { limits, SlowSenders } from '../slow-senders.js';

const story = 'storm';
const actor = 'anchorage';
/** How many requests each operation gets in a round of its own seed. */
const examples = { short: 10, long: 100 } as const;

/** How a round makes its requests. Coverage makes the same ones in each round, and takes minutes: the first round of a long run has it. */
const phasesOf = (scale: keyof typeof examples, round: number): Generation['phases'] =>
  scale === 'long' && round === 0 ? ['coverage', 'fuzzing', 'stateful'] : ['fuzzing', 'stateful'];

interface Parameter {
  readonly in?: string;
  readonly name?: string;
  schema?: object;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Record<string, { readonly content?: object } | undefined>;
}

const isStream = (operation: Operation | undefined) =>
  Object.keys(operation?.responses['200']?.content ?? {}).includes('text/event-stream');

/**
 * The document, so that requests reach what exists: identifiers in paths are real ones, or unknown. And so that every status must be
 * listed: the document's `default` would allow all. Streams are left out, because they do not end: another row follows them.
 */
function sharpened(document: object, known: Readonly<Record<string, string>>): object {
  const copy = structuredClone(document) as { readonly paths: Record<string, Record<string, Operation>> };
  for (const [path, operations] of Object.entries(copy.paths)) if (isStream(operations.get)) delete copy.paths[path];
  for (const operation of Object.values(copy.paths).flatMap(path => Object.values(path))) {
    delete operation.responses.default;
    for (const parameter of operation.parameters ?? []) {
      const value = known[parameter.name!];
      if (parameter.in === 'path' && value) parameter.schema = { type: 'string', enum: [value, value, 'unknown'] };
    }
  }
  return copy;
}

async function documentOf(url: string): Promise<object> {
  return (await (await fetch(new URL('/docs-json', url))).json()) as object;
}

/** A newsroom with something to ask for: a story with developments and an actor. */
async function apis(newsroom: TestNewsroom): Promise<Api[]> {
  const editor = await newsroom.as(['editor', 'managing']);
  const answers = [
    await editor.post('/stories', { id: story, title: 'Storm', zone: 'UTC' }),
    await editor.post('/actors', { id: actor, name: 'Anchorage', kind: 'state' }),
    await editor.post(`/stories/${story}/developments`, { content: { kind: 'update', body: 'The wind turns.' } }),
  ];
  const { development, position } = answers[2]!.body as { readonly development: string; readonly position: number };
  const wrong = answers.find(({ status }) => status !== 201);
  if (wrong) throw new Error(`The story could not be made: ${wrong.text}`);
  await newsroom.readAt(`/stories/${story}`, position);
  const known = { story, actor, development };
  const [editorUrl, readerUrl] = [newsroom.editors[0]!.url, newsroom.reader!.url];
  const token = await newsroom.token(['editor', 'managing', 'legal', 'auditor']);
  return [
    {
      url: editorUrl,
      document: sharpened(await documentOf(editorUrl), known),
      headers: { Authorization: `Bearer ${token}` },
    },
    { url: readerUrl, document: sharpened(await documentOf(readerUrl), known), headers: {} },
  ];
}

export const http: Row = {
  name: 'http',
  fault:
    'requests that schemathesis generates from both OpenAPI documents, right ones and wrong ones, alone and in sequences, beside clients that send nothing, slowly or too much',
  invariant:
    'no answer is a failure of the server, and each has a status, headers and a body that its document declares; who sends slowly or too much is refused, and disconnected in time',
  unit: 'request',
  short: 2_000,
  long: 100_000,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    await installSchemathesis(report.line);
    const env = {
      REQUESTS_PER_MINUTE: '0',
      HEADERS_TIMEOUT_MS: String(limits.headersMs),
      REQUEST_TIMEOUT_MS: String(limits.requestMs),
    };
    const newsroom = await TestNewsroom.open({ env });
    const violations = new Set<string>();
    const over = new AbortController();
    let ran = 0;
    try {
      const asked = await apis(newsroom);
      const senders = new SlowSenders(asked);
      const sending = senders.work(over.signal);
      for (let round = 0; ran < tries && !report.signal.aborted; round++)
        for (const api of asked) {
          if (report.signal.aborted) break;
          const { seed, scale } = report;
          const generation = { seed: seed + round, examples: examples[scale], phases: phasesOf(scale, round) };
          const { requests, failures, details } = await askAtRandom(api, generation, report.signal);
          ran += requests;
          for (const failure of failures) violations.add(failure);
          if (failures.length > 0) {
            const file = join(runsFolder, `schemathesis-${randomUUID()}.txt`);
            writeFileSync(file, details);
            report.line(`${failures.length} kinds of failures: see ${file}`);
          }
          report.line(`${ran} of ${tries} requests`);
        }
      over.abort();
      await sending;
      const figures = { 'slow or too large': senders.connections };
      return { tries: ran, violations: [...violations, ...senders.wrong], figures };
    } finally {
      over.abort();
      await newsroom.close();
    }
  },
};
