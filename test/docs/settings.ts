import { isSecret, type Schemas } from '#platform';
import { z } from 'zod';
import { schemas as audit } from '../../apps/audit/src/settings.js';
import { schemas as editorApi } from '../../apps/editor-api/src/settings.js';
import { schemas as fetcher } from '../../apps/fetcher/src/settings.js';
import { schemas as prepare } from '../../apps/prepare/src/settings.js';
import { schemas as projector } from '../../apps/projector/src/settings.js';
import { schemas as readerApi } from '../../apps/reader-api/src/settings.js';

/** The settings of each app, in the order of the page's last column. */
export const apps: Readonly<Record<string, Schemas>> = {
  'editor-api': editorApi,
  projector,
  'reader-api': readerApi,
  fetcher,
  audit,
  prepare,
};

/** All settings, in the order in which the apps list them. */
export const settings: Schemas = Object.assign({}, ...Object.values(apps));

interface Described {
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const describe = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Described;

/** The bounds that the schema sets. JSON Schema gives every integer the bounds of a safe number, which are left out. */
function allowed(schema: z.ZodType): string {
  const { minimum, maximum, enum: named } = describe(schema, 'input');
  const words = describe(schema, 'output').type === 'boolean' ? ['true', 'false'] : named;
  if (words) return words.map(word => `\`${word}\``).join(', ');
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : '';
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  return [least, most].filter(Boolean).join(' ');
}

/** The default as a person would write it. One behind a transform is known as a value only: words take spaces, numbers commas. */
function defaultOf(schema: z.ZodType): string {
  const { success, data } = schema.safeParse(undefined);
  if (!success) return 'must be set';
  const value = describe(schema, 'input').default ?? data;
  if (value === undefined) return '';
  return `\`${Array.isArray(value) ? value.join(typeof value[0] === 'string' ? ' ' : ',') : String(value)}\``;
}

function row([name, schema]: [string, z.ZodType]): string {
  const { description = '' } = describe(schema, 'input');
  const users = Object.keys(apps).filter(app => name in apps[app]!);
  return `| \`${name}\` | ${description} | ${allowed(schema)} | ${defaultOf(schema)} | ${users.join(', ')} |`;
}

const secrets = Object.keys(settings).flatMap(name => (isSecret(settings[name]!) ? [`\`${name}\``] : []));

/** The page on settings, generated from the schemas that read them. */
export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'Every setting is an environment variable. If one is wrong or missing, the process does not start and names it with the allowed values. An empty one counts as',
    `not set. ${secrets.slice(0, -1).join(', ')} and ${secrets.at(-1)} may be kept`,
    'in a file instead, which `DATABASE_URL_FILE` and so on name.',
    'This page is generated from the schemas that read them: `UPDATE_DOCS=1 npm test -- settings` updates it.',
    '',
    '| name | meaning | allowed | default | apps |',
    '|---|---|---|---|---|',
    ...Object.entries(settings).map(row),
    '',
  ].join('\n');
