/** Catalogues of Postgres with passwords, samples of rows or files' names, which nobody but a superuser reads. */
export const secretCatalogues = new Set([
  'information_schema._pg_foreign_data_wrappers',
  'information_schema._pg_foreign_servers',
  'information_schema._pg_foreign_table_columns',
  'information_schema._pg_foreign_tables',
  'information_schema._pg_user_mappings',
  'information_schema.sql_parts',
  'information_schema.transforms',
  'pg_catalog.pg_aios',
  'pg_catalog.pg_authid',
  'pg_catalog.pg_backend_memory_contexts',
  'pg_catalog.pg_config',
  'pg_catalog.pg_file_settings',
  'pg_catalog.pg_hba_file_rules',
  'pg_catalog.pg_ident_file_mappings',
  'pg_catalog.pg_largeobject',
  'pg_catalog.pg_replication_origin_status',
  'pg_catalog.pg_shadow',
  'pg_catalog.pg_shmem_allocations',
  'pg_catalog.pg_shmem_allocations_numa',
  'pg_catalog.pg_statistic',
  'pg_catalog.pg_statistic_ext_data',
  'pg_catalog.pg_user_mapping',
]);

/**
 * Functions that are open to everybody and that Postgres marks as having effects, or as depending on more than the database. They read
 * the clock, random numbers or statistics, change the own session alone, or check a further right, as `dangerous` tries.
 */
export const everybodysVolatile = new RegExp(
  `^(${[
    'amvalidate|array_sample|array_shuffle|plpgsql_validator|ts_rewrite|ts_stat|currtid2|pg_partition_(ancestors|tree)|pg_collation_actual_version',
    // They begin with the right to the tables and relations that they name.
    'cursor_to_xml(schema)?|query_to_xml(schema|_and_xmlschema)?|(brin|gin)_.*|pg_(clear|restore)_(attribute|relation)_stats|pg_get_sequence_data',
    'currval|lastval|nextval|setval|pg_sequence_last_value|lo_(close|get|lseek(64)?|tell(64)?)|loread',
    // They work only while an old cluster is upgraded, as a superuser, or with the right to replicate.
    'binary_upgrade_.*|pg_extension_config_dump|pg_import_system_collations|pg_nextoid|pg_stop_making_pinned_objects',
    'pg_(copy|create|drop)_(logical_|physical_)?replication_slot|pg_logical_slot_.*|pg_replication_slot_advance|pg_sync_replication_slots',
    // They end and interrupt one's own sessions only.
    'pg_cancel_backend|pg_terminate_backend|pg_sleep(_for|_until)?|set_config|setseed|pg_stat_clear_snapshot|pg_stat_force_next_flush',
    // The clock, chance, and the state of the server, which holds no rows.
    'clock_timestamp|timeofday|current_query|gen_random_uuid|random(_normal)?|uuidv[47]|pg_stat_get_.*|pg_control_.*|pg_get_wal_.*|pg_get_wait_events',
    'pg_(available_)?wal_summar.*|pg_current_wal_.*|pg_is_.*|pg_last_.*|pg_lock_status|pg_prepared_xact|pg_jit_available|pg_get_loaded_modules',
    'pg_(safe_snapshot_)?blocking_pids|pg_isolation_test_session_is_blocked|pg_notification_queue_usage|pg_get_multixact_members|pg_xact_.*|txid_status',
    'pg_(database|indexes|relation|table|tablespace|total_relation)_size|pg_database_collation_actual_version',
  ].join('|')})$`,
);

/** The owner of a database may set the planner's statistics of its catalogues. */
export const ownersStatistics = `select pg_restore_relation_stats('schemaname', 'pg_catalog', 'relname', 'pg_class', 'relpages', 1)`;

/** Settings that a session can change only when it begins. */
export const tooLate = 'impossible 55P02';

/** Calls with effects of functions that are open to everybody, on what no app owns; and other roads to what is closed. */
export const dangerous = (build: string): string[] => [
  `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'`,
  `select pg_cancel_backend(pid) from pg_stat_activity where usename = 'postgres'`,
  `select pg_create_physical_replication_slot('tried')`,
  `select pg_create_logical_replication_slot('tried', 'test_decoding')`,
  `select pg_drop_replication_slot('tried')`,
  `select pg_nextoid('pg_class', 'oid', 'pg_class_oid_index')`,
  `select pg_import_system_collations('pg_catalog')`,
  `select lo_get(1)`,
  `select brin_summarize_new_values('pg_catalog.pg_class_oid_index')`,
  ownersStatistics,
  `select binary_upgrade_set_next_pg_authid_oid(1)`,
  `select set_config('session_authorization', 'postgres', true)`,
  `select set_config('log_statement', 'none', true)`,
  `select query_to_xml('select * from pg_authid', true, true, '')`,
  `select table_to_xml('pg_catalog.pg_authid', true, true, '')`,
  `select * from ts_stat('select to_tsvector(rolpassword) from pg_authid')`,
  `create index on ${build}.withheld (development); drop table pg_catalog.pg_class`,
];

/** What only a superuser may do. */
export const onServer = ['create role tried'];
