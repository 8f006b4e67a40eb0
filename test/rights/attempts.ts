import type pg from 'pg';

/** One thing to try as a role. Whatever it does is rolled back, unless it runs `alone`, outside a transaction. */
export interface Attempt {
  readonly what: string;
  readonly sql: string;
  readonly alone?: boolean;
}

/** `refused` for a lack of rights; `impossible` if nobody could do it, with Postgres's code. */
export type Outcome = 'allowed' | 'refused' | `impossible ${string}`;

/** Tries one thing, and undoes it. */
export async function attempt(client: pg.Client, { sql, alone = false }: Attempt): Promise<Outcome> {
  try {
    await client.query(alone ? sql : `begin; ${sql}; rollback`);
    return 'allowed';
  } catch (error) {
    const { code = String(error) } = error as { code?: string };
    return code === '42501' ? 'refused' : `impossible ${code}`;
  } finally {
    if (!alone) await client.query('rollback');
  }
}

/** A relation of the database. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'sequence';
  /** One of its columns. */
  readonly column: string;
}

/** Every relation, of every schema. */
export async function relationsOf(admin: pg.Client): Promise<Relation[]> {
  const { rows } = await admin.query<Relation>(
    `select nspname as schema, relname as name,
       case when relkind in ('v', 'm') then 'view' when relkind = 'S' then 'sequence' else 'table' end as kind,
       (select attname from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
        order by attgenerated, attidentity, attnum limit 1) as column
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'p', 'f', 't', 'v', 'm', 'S') and nspname !~ '^pg_(toast_)?temp_' order by 1, 2`,
  );
  return rows;
}

/** What can be done to a relation. `own` stands for all that only its owner may do. */
export type Verb = 'select' | 'insert' | 'update' | 'delete' | 'truncate' | 'lock' | 'trigger' | 'own';

const verbs: Record<Relation['kind'], readonly Verb[]> = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'lock', 'trigger', 'own'],
  view: ['select', 'insert', 'update', 'delete', 'own'],
  sequence: ['select', 'update', 'own'],
};

/** Everything to try with a relation. `explain` checks rights and changes nothing. */
export const attemptsOn = (relation: Relation): (Attempt & { readonly verb: Verb })[] =>
  verbs[relation.kind].map(verb => ({ verb, what: `${verb} ${nameOf(relation)}`, sql: sqlFor(verb, relation) }));

/** The schema and name, as written without quotes. */
export const nameOf = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string => `${schema}.${name}`;

function sqlFor(verb: Verb, { schema, name, kind, column }: Relation): string {
  const at = `"${schema}"."${name}"`;
  if (kind === 'sequence' && verb === 'update') return `select nextval('${at}')`;
  return {
    select: `select from ${at} limit 0`,
    insert: `explain insert into ${at} default values`,
    update: `explain update ${at} set "${column}" = default`,
    delete: `explain delete from ${at}`,
    truncate: `truncate ${at} cascade`,
    lock: `lock table ${at} in access exclusive mode`,
    trigger: `create trigger tried before insert on ${at} for each statement execute function pg_catalog.suppress_redundant_updates_trigger()`,
    own: `alter ${kind} ${at} rename to tried`,
  }[verb];
}

/** A function or procedure of the database, with a call of it whose arguments are all null. */
export interface Routine {
  readonly name: string;
  readonly call: string;
  /** Whether it may have effects, or depend on more than its arguments and the database. */
  readonly volatile: boolean;
  /** Whether everybody may call it. */
  readonly open: boolean;
}

/**
 * Every function and procedure that SQL can call. Each argument is a null from a subquery: Postgres would skip the call, and the check of
 * the right to it, if it saw while planning that an argument is null.
 */
export async function routinesOf(admin: pg.Client): Promise<Routine[]> {
  const { rows } = await admin.query<Routine>(
    `select pg_proc.oid::regprocedure::text as name, provolatile = 'v' as volatile,
       coalesce((select bool_or(grantee = 0) from aclexplode(proacl)), proacl is null) as open,
       format('%s %I.%I(%s)', case prokind when 'p' then 'call' else 'select' end, nspname, proname,
         (select string_agg('(select null::' || case typname when 'any' then 'text' when 'anyelement' then 'text' when 'anynonarray' then 'text'
            when 'anycompatible' then 'text' when 'anycompatiblenonarray' then 'text' when 'anyarray' then 'text[]' when 'anycompatiblearray' then 'text[]'
            when 'anyrange' then 'int4range' when 'anymultirange' then 'int4multirange' when 'anycompatiblerange' then 'int4range'
            when 'anycompatiblemultirange' then 'int4multirange' else format_type(type, null) end || ')', ', ' order by at)
          from unnest(proargtypes::oid[]) with ordinality _ (type, at) join pg_type on pg_type.oid = type)) as call
     from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
     where prokind in ('f', 'p') and not ('internal'::regtype = any(proargtypes::oid[]))
       and prorettype not in (select oid from pg_type where typname in ('trigger', 'event_trigger', 'internal', 'language_handler', 'fdw_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler'))
     order by 1`,
  );
  return rows;
}
