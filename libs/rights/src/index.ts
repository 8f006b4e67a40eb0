/**
 * What each app may do on Postgres and Kafka. It may do nothing else: tests sign in as each app and try everything that the servers have.
 * A table that is not listed here is closed to every app but its owner.
 */

/** What a role may do with the rows of a table. */
export type TableRight = 'select' | 'insert' | 'update' | 'delete' | 'maintain';

/** What a user may do with a topic. */
export type TopicRight = 'READ' | 'WRITE';

/** The rights of one app. */
export interface AppRights {
  /** The name of its role on Postgres. */
  readonly role: string;
  /** Apps whose rights on Postgres it has too. */
  readonly also: readonly RoledApp[];
  /** Its rights on the permanent tables, by schema and name. */
  readonly tables: Readonly<Record<string, readonly TableRight[]>>;
  /**
   * The builds, which are schemas of the projections' rows. `makes`: creates them, and owns what it created. `selects`: reads all tables.
   * `readable`: reads the tables and views that the projections name for readers.
   */
  readonly builds: readonly ('makes' | 'selects' | 'readable')[];
  /** Whether it may take advisory locks, by which projectors lead and builds are swapped; and export snapshots. */
  readonly locks: boolean;
  /** Whether it may run code in PL/pgSQL. */
  readonly code: boolean;
  /** Its rights on the two topics, under a user of the app's name. `administers`: it creates the topics and grants the rights on them. */
  readonly topics:
    { readonly log: readonly TopicRight[]; readonly visibility: readonly TopicRight[] } | 'administers' | 'none';
}

/** An app with a separate role. */
export type RoledApp = 'prepare' | 'projector' | 'editor-api' | 'audit' | 'reader-api';

const all = ['select', 'insert', 'update', 'delete'] as const;

/** The rights of every app. */
export const rights = {
  // The owner of the database. It migrates the permanent tables, and restores archives.
  prepare: {
    role: 'dateline',
    also: ['projector'],
    tables: {},
    builds: ['makes'],
    locks: true,
    code: true,
    topics: 'administers',
  },
  projector: {
    role: 'dateline_projector',
    // It drops builds that auditors left, and ends readers' transactions that are too old.
    also: ['audit', 'reader-api'],
    tables: {
      'dateline.build': all,
      'dateline.visibility': ['select', 'insert', 'update'],
      'dateline.refolded': ['select', 'insert', 'update'],
      'dateline.migration': ['select'],
      // It destroys keys. For a development that never had one it inserts a row that says so.
      'dateline_keys.key': ['select', 'insert', 'update', 'maintain'],
      'dateline_keys.migration': ['select'],
    },
    builds: ['makes'],
    locks: true,
    code: true,
    topics: { log: ['READ'], visibility: ['READ', 'WRITE'] },
  },
  'editor-api': {
    role: 'dateline_editor',
    also: [],
    tables: {
      // It creates keys of the log's words and destroys none; those of drafts it destroys.
      'dateline_keys.key': ['select', 'insert'],
      'dateline_keys.draft_key': ['select', 'insert', 'update'],
      'dateline_keys.migration': ['select'],
      'dateline_access.session': all,
      'dateline_access.machine': all,
      'dateline_access.draft': all,
      'dateline_access.draft_version': all,
      'dateline_access.presence': all,
      'dateline_access.upload': all,
      'dateline_access.upload_part': all,
    },
    builds: [],
    locks: false,
    code: false,
    topics: { log: ['READ', 'WRITE'], visibility: [] },
  },
  audit: {
    role: 'dateline_audit',
    also: [],
    tables: {
      // It compares with temporary builds. Row security restricts what it writes here to the rows of those (libs/postgres/roles/policies.sql).
      'dateline.build': all,
      'dateline.visibility': ['select', 'insert', 'update'],
      'dateline.refolded': ['select', 'insert', 'update'],
      'dateline_keys.key': ['select'],
    },
    builds: ['makes', 'selects'],
    locks: true,
    code: false,
    topics: { log: ['READ'], visibility: ['READ'] },
  },
  'reader-api': {
    role: 'dateline_reader',
    also: [],
    tables: {
      'dateline.build': ['select'],
      'dateline.visibility': ['select'],
      'dateline.refolded': ['select'],
    },
    builds: ['readable'],
    locks: false,
    code: false,
    topics: 'none',
  },
} as const satisfies Record<RoledApp, AppRights>;

/** The apps, in the order of the table. */
export const roledApps = Object.keys(rights) as RoledApp[];

/** The rights of an app on a permanent table, by schema and name; those that it has through other apps are not among them. */
export const rightsOn = (app: RoledApp, table: string): readonly TableRight[] =>
  (rights[app].tables as AppRights['tables'])[table] ?? [];

/** The permanent tables of a schema on which some app has a right. */
export const tablesOf = (schema: string): string[] => [
  ...new Set(roledApps.flatMap(app => Object.keys(rights[app].tables)).filter(table => table.startsWith(`${schema}.`))),
];
