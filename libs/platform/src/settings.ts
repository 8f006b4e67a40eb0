import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Settings that are wrong or missing, each by its name and what is allowed. */
export class ConfigError extends Error {}

/**
 * Settings by their names. Each app's `settings.ts` lists its own and those of the libraries it uses, which stand beside the
 * code that needs them. Every value comes from the environment.
 */
export type Schemas = Readonly<Record<string, z.ZodType>>;

/** The values of such settings, once read. */
export type SettingsOf<Of extends Schemas> = { [Name in keyof Of]: z.infer<Of[Name]> };

/** A setting with its description, which docs/settings.md shows. */
export const setting = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.meta({ description });

/** The same for one that may also be in a file, named by the setting's name and `_FILE`, so that no environment holds it. */
export const secret = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.meta({ description, secret: true });

/** Whether a file may hold the setting. */
export const isSecret = (schema: z.ZodType): boolean => schema.meta()?.secret === true;

/** A port to listen on; 0 takes a free one. */
export const Port = z.coerce.number().int().min(0).max(65_535);
export const Milliseconds = z.coerce.number().int().min(1);
/** A number that may be none. */
export const Allowance = z.coerce.number('must be a whole number from 0').int().min(0);

/** These settings, read and checked. Throws a ConfigError that names every one that is wrong. */
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

/** The text of the file that a setting names. */
export function readNamed(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
