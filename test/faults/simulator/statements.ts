import type { Database } from './database.js';

type Row = Readonly<Record<string, unknown>>;
export interface Rows {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}
export type Tables = Map<string, readonly Row[]>;
/** The build's row of `dateline.build`. */
export interface Build {
  readonly name: string;
  readonly log: string | null;
  readonly position: number;
  readonly next_offset: number;
  readonly last_record: string | null;
  readonly live: boolean;
  readonly made: string;
  readonly promoted_at: Date | null;
  readonly kept: boolean;
  readonly folded: null;
  readonly shredded: number | null;
}
/** A transaction: what it has written. */
export interface Session {
  path: string;
  build: Build | undefined;
  readonly tables: Tables;
  readonly news: number[];
}

interface Statement {
  /** Whether it takes the lock of the checkpoint. */
  readonly locks?: true;
  run(database: Database, session: Session | undefined, values: readonly unknown[]): Rows;
}

const done = (rows: readonly Row[] = []): Rows => ({ rows, rowCount: rows.length });
const changed = (rowCount: number): Rows => ({ rows: [], rowCount });
const names = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
const buildOf = (database: Database, session?: Session) => session?.build ?? database.build;
const rowsIn = (database: Database, session: Session | undefined, table: string): readonly Row[] =>
  session?.tables.get(table) ?? database.tables.get(table) ?? [];
const recordset = (json: unknown) => JSON.parse(json as string) as Row[];
const sameBy = (columns: readonly string[], one: Row, other: Row) =>
  columns.every(column => one[column] === other[column]);
const put = (session: Session | undefined, table: string, rows: readonly Row[]): void => {
  if (!session) throw new Error('A statement that writes is outside of a transaction.');
  session.tables.set(table, rows);
};

type Checkpoint = readonly [
  name: string,
  position: number,
  offset: number,
  log: string | null,
  to: number,
  next: number,
  last: string | null,
  live: boolean,
  shredded: number | null,
  path: string,
];
const moveCheckpoint: Statement = {
  locks: true,
  run(database, session, values) {
    const [name, position, offset, log, to, next, last, live, shredded, path] = values as unknown as Checkpoint;
    const build = buildOf(database, session);
    const isThere =
      name === build.name &&
      position === build.position &&
      offset === build.next_offset &&
      (build.live || !live) &&
      session!.path === path;
    if (!isThere) return changed(0);
    const shreds = Math.max(build.shredded ?? 0, shredded ?? 0) || null;
    session!.build = { ...build, log, position: to, next_offset: next, last_record: last, shredded: shreds };
    return changed(1);
  },
};

/** The statements that hold nothing that varies, by how they begin. */
const fixed: readonly (readonly [start: string, statement: Statement])[] = [
  [
    `select set_config('search_path'`,
    { run: (_, session, [path]) => (session && (session.path = path as string), done([{ found: true }])) },
  ],
  [`select set_config('synchronous_commit'`, { run: () => done() }],
  [`select set_config('enable_seqscan'`, { run: () => done() }],
  ['update dateline.build set log', moveCheckpoint],
  ['update dateline.build set shredded', { run: () => changed(1) }],
  ['insert into dateline.visibility', { run: () => changed(1) }],
  [
    'select pg_notify',
    {
      run: (database, session, [, news]) => {
        session!.news.push((JSON.parse(news as string) as { position: number }).position);
        return done([{}]);
      },
    },
  ],
  ['select * from stream', { run: (database, session) => done(rowsIn(database, session, 'stream')) }],
  [
    'select position, id, seq, headers, value from quarantined',
    {
      run: (database, session, [stream]) => {
        const rows = rowsIn(database, session, 'quarantined').filter(row => row.stream === stream);
        const sorted = rows.toSorted((a, b) => (a.position as number) - (b.position as number));
        return done(sorted.map(row => ({ ...row, value: Buffer.from((row.value as string).slice(2), 'hex') })));
      },
    },
  ],
  [
    'delete from quarantined',
    {
      run: (database, session, [stream, from]) => {
        const rows = rowsIn(database, session, 'quarantined');
        const isGone = (row: Row) =>
          row.stream === stream && (from === null || (row.position as number) < Number(from));
        put(
          session,
          'quarantined',
          rows.filter(row => !isGone(row)),
        );
        return changed(1);
      },
    },
  ],
  [
    'update stream set quarantined_at',
    {
      run: (database, session, [id, at, reason]) => {
        const rows = rowsIn(database, session, 'stream');
        put(
          session,
          'stream',
          rows.map(row => (row.id === id ? { ...row, quarantined_at: at, reason } : row)),
        );
        return changed(1);
      },
    },
  ],
];

const selectBuild: Statement = {
  run: (database, session, [name]) => {
    const build = buildOf(database, session);
    return done(build.name === name ? [{ ...build }] : []);
  },
};

/** The statements that name tables and columns, and how each is read. */
const shapes: readonly (readonly [shape: RegExp, make: (parts: readonly string[]) => Statement])[] = [
  [/^select name, log, position.* from dateline\.build where name = \$1$/, () => selectBuild],
  [
    /^select held\.\* from "(\w+)" held join \(select (.+) from jsonb_populate_recordset.*\) wanted using/,
    ([table = '', by = '']) => ({
      run: (database, session, [wanted]) => {
        const asked = recordset(wanted);
        const stored = rowsIn(database, session, table);
        return done(stored.filter(row => asked.some(one => sameBy(names(by), one, row))).map(row => visible(row)));
      },
    }),
  ],
  [
    /^insert into "(\w+)" select held\.\*, ended\.valid_to from "(\w+)" held join \(select (.+), valid_to from/,
    ([former = '', begun = '', key = '']) => ({
      run: (database, session, [ends]) => {
        const stored = rowsIn(database, session, begun);
        const ended = recordset(ends).flatMap(end => {
          const row = stored.find(one => sameBy(names(key), one, end));
          return row ? [{ ...row, valid_to: end.valid_to }] : [];
        });
        put(session, former, [...rowsIn(database, session, former), ...ended]);
        return changed(ended.length);
      },
    }),
  ],
  [
    /^insert into "(\w+)" \(.+\) select .+ from jsonb_populate_recordset\(.+\) on conflict \((.+)\) do update/,
    ([table = '', key = '']) => ({
      run: (database, session, [rows]) => {
        const given = recordset(rows);
        const isGiven = (row: Row) => given.some(one => sameBy(names(key), one, row));
        put(session, table, [...rowsIn(database, session, table).filter(row => !isGiven(row)), ...given]);
        return changed(given.length);
      },
    }),
  ],
  [
    /^insert into "(\w+)" \(.+\) select .+ from jsonb_populate_recordset\(.+\)$/,
    ([table = '']) => ({
      run: (database, session, [rows]) => {
        put(session, table, [...rowsIn(database, session, table), ...recordset(rows)]);
        return changed(1);
      },
    }),
  ],
  [
    /^delete from "(\w+)" held using jsonb_populate_recordset.* where \((.+)\) = \(/,
    ([table = '', key = '']) => ({
      run: (database, session, [drops]) => {
        const gone = recordset(drops);
        const isGone = (row: Row) => gone.some(one => sameBy(names(key), one, row));
        put(
          session,
          table,
          rowsIn(database, session, table).filter(row => !isGone(row)),
        );
        return changed(gone.length);
      },
    }),
  ],
];

/** The views of current rows do not show where a version began. */
function visible({ valid_from: _, ...row }: Row): Row {
  return row;
}

/** A view of the current rows, with or without the position from which they are current, is one table here. */
const stored = (table: string) => table.replace(/_(now|begun)$/, '');

const known = new Map<string, Statement>();

/** The statement of this text. Throws for one that the simulator does not know. */
export function statementOf(text: string): Statement {
  const found = known.get(text) ?? read(text.replaceAll(/\s+/g, ' ').trim());
  known.set(text, found);
  return found;
}

function read(text: string): Statement {
  const statement = fixed.find(([start]) => text.startsWith(start))?.[1];
  if (statement) return statement;
  for (const [shape, make] of shapes) {
    const parts = shape.exec(text);
    if (parts) return make(parts.slice(1).map(part => (/^\w+$/.test(part) ? stored(part) : part)));
  }
  throw new Error(`The simulator knows no such statement: ${text}`);
}
