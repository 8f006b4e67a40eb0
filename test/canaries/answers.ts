import type { Client } from '../harness/client.js';

/** A moment as a query: of a position or of an instant. */
export type Moment = Readonly<Record<string, string>>;

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>>
  >;
}

/** A document's operation that reads. */
interface Read {
  readonly path: string;
  readonly steps: readonly string[];
  readonly query: readonly string[];
  readonly required: readonly string[];
}

/** Every documented read, so that a new route is read without a change here. Streams never end, so they are not among them. */
async function documentedReads(client: Client): Promise<Read[]> {
  const { body } = await client.get('/docs-json');
  return Object.entries((body as Document).paths).flatMap(([path, { get }]) => {
    if (!get || /[/](live|feed)$/.test(path)) return [];
    const query = (get.parameters ?? []).filter(parameter => parameter.in === 'query');
    const names = (parameters: typeof query) => parameters.map(({ name }) => name);
    return [
      {
        path,
        steps: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!),
        query: names(query),
        required: names(query.filter(({ required }) => required)),
      },
    ];
  });
}

const clocks = ['position', 'knownAt', 'visibleAt', 'happenedBy'];
const stepsOf = (path: string) => [...path.matchAll(/[:{](\w+)\}?/g)].map(([, name]) => name!);

/** Every combination of the values of the names. */
const combined = (names: readonly string[], values: Readonly<Record<string, readonly string[]>>): Moment[] =>
  names.reduce<Moment[]>(
    (all, name) => {
      const known = values[name];
      if (!known) throw new Error(`Give test/canaries a value for the parameter ${name}.`);
      return all.flatMap(each => known.map(value => ({ ...each, [name]: value })));
    },
    [{}],
  );

const at = (path: string, steps: Moment, query: Moment) => {
  const asked = new URLSearchParams(query).toString();
  return (
    path.replaceAll(/[:{](\w+)\}?/g, (_, name: string) => encodeURIComponent(steps[name]!)) + (asked && `?${asked}`)
  );
};

/** An answer, and what was asked. */
export interface Answered {
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** The answer and, where it is one of several, those after it. */
async function pagesOf(client: Client, path: string): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (let next: string | null = path; next;) {
    const { status, text, body } = await client.get(next, { Accept: path.startsWith('/s') ? 'text/html, */*' : '*/*' });
    answers.push({ path: next, status, text });
    const follows = (body as { next?: string | null } | undefined)?.next;
    next = typeof follows === 'string' && answers.length < 100 ? follows : null;
  }
  return answers;
}

/**
 * What a service answers to each of its documented reads and to these pages: for every value of the parameters, now and as of each moment.
 */
export async function everyAnswer(
  client: Client,
  values: Readonly<Record<string, readonly string[]>>,
  moments: readonly Moment[] = [],
  pages: readonly string[] = [],
): Promise<Answered[]> {
  const answers: Answered[] = [];
  const read = async (
    path: string,
    steps: readonly string[],
    required: readonly string[],
    allows: readonly string[],
  ) => {
    const times = moments.filter(moment => Object.keys(moment).every(clock => allows.includes(clock)));
    for (const asked of combined([...steps, ...required], values))
      for (const moment of [{}, ...times]) {
        const query = Object.fromEntries(required.map(name => [name, asked[name]!]));
        answers.push(...(await pagesOf(client, at(path, asked, { ...query, ...moment }))));
      }
  };
  for (const { path, steps, query, required } of await documentedReads(client))
    await read(path, steps, required, query);
  for (const page of pages)
    await read(page, stepsOf(page), page.endsWith('/search') ? ['q'] : [], page.includes('search') ? [] : clocks);
  return answers;
}
