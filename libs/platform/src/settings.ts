import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Settings are wrong or missing; the message lists each name and its allowed values. */
export class ConfigError extends Error {}

/**
 * Settings by name. Each app's `settings.ts` lists its own and those of the libraries that it uses; libraries define theirs beside the
 * code that needs them. All values come from the environment.
 */
export type Schemas = Readonly<Record<string, z.ZodType>>;

/** The values of these settings. */
export type SettingsOf<Of extends Schemas> = { [Name in keyof Of]: z.infer<Of[Name]> };

/** A setting with its description, which docs/settings.md shows. */
export const setting = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.meta({ description });

/** Like `setting`, for a value that a file may hold instead: the name plus `_FILE` gives its path, to keep it out of the environment. */
export const secret = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.meta({ description, secret: true });

/** Whether a file may hold the setting. */
export const isSecret = (schema: z.ZodType): boolean => schema.meta()?.secret === true;

/** A port to listen on; 0 picks a free one. */
export const Port = z.coerce.number().int().min(0).max(65_535);
/** A duration of at least one millisecond. */
export const Milliseconds = z.coerce.number().int().min(1);
/** A number from 0. */
export const Allowance = z.coerce.number('must be a whole number from 0').int().min(0);

/** Reads and validates these settings. Throws a ConfigError that names every invalid one. */
export function readSettings<Of extends Schemas>(schemas: Of, env: NodeJS.ProcessEnv = process.env): SettingsOf<Of> {
  const given = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, valueOf(name, schema, env)]));
  const parsed = z.object(schemas).safeParse(given);
  if (parsed.success) return parsed.data as SettingsOf<Of>;
  const lines = parsed.error.issues.map(issue => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is not set.` : `${name} is wrong: ${issue.message}.`;
  });
  throw new ConfigError(`These settings need your attention:\n  ${lines.join('\n  ')}`);
}

function valueOf(name: string, schema: z.ZodType, env: NodeJS.ProcessEnv): string | undefined {
  const file = isSecret(schema) ? env[`${name}_FILE`] : undefined;
  if (!file) return env[name] || undefined;
  if (env[name]) throw new ConfigError(`Set ${name} or ${name}_FILE, not both.`);
  return readNamed(`${name}_FILE`, file).trimEnd() || undefined;
}

/** Reads the file that a setting names. */
export function readNamed(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
