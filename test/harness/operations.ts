/** The part of an operation's documentation that decides what a request may contain. */
export interface Operation {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** Names of the path's parameters. */
  readonly steps: readonly string[];
  /** Names of the query parameters that a request must have. */
  readonly required: readonly string[];
  readonly takesBody: boolean;
  /** Its body is a file, not JSON. */
  readonly takesFile: boolean;
  readonly takesToken: boolean;
}

interface Described {
  readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly in?: string; readonly name?: string; readonly required?: boolean }[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

/** Every operation: a test over all of them covers each new route automatically. */
export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { requestBody, security, parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      steps: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!),
      required: parameters.flatMap(({ in: place, name, required }) => (place === 'query' && required ? [name!] : [])),
      takesBody: requestBody !== undefined,
      takesFile: requestBody?.content !== undefined && !('application/json' in requestBody.content),
      takesToken: Boolean(security?.length),
    })),
  );

/** A request that an operation must refuse, and the expected answer. */
export interface Refused {
  readonly what: string;
  readonly path: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly token?: false;
  readonly status: number | readonly number[];
  /** The field that the answer names. */
  readonly field?: string;
}

const json = { 'Content-Type': 'application/json' };

// Invalid as an id, as a step of a path, as an address, or as UTF-8.
const crafted = ['Not An Id!', '../x', 'x/proposals/y/approve?z=', '\u0000', 'x'.repeat(201), '__proto__'];

/** The requests that each operation must refuse. `values`: valid values of the parameters that it must have. */
export function refusalsOf(operation: Operation, values: Readonly<Record<string, string>>): Refused[] {
  const { method, path, steps, required, takesBody, takesFile, takesToken } = operation;
  const valueOf = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`The test has no value for the parameter ${name} of ${path}.`);
    return value;
  };
  const query = (more: string) => {
    const sent = [...required.map(name => `${name}=${encodeURIComponent(valueOf(name))}`), ...(more ? [more] : [])];
    return sent.length > 0 ? `?${sent.join('&')}` : '';
  };
  const with_ = (changed: Readonly<Record<string, string>> = {}, more = '') =>
    path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const value = changed[name] ?? valueOf(name);
      return changed[name] === '%FF' ? '%FF' : encodeURIComponent(value);
    }) + query(more);
  const base = { method, path: with_() };
  const reads = method === 'GET';
  const file: Refused = {
    ...base,
    what: 'a body that is no such file',
    headers: json,
    body: '{"nope":1}',
    status: 415,
  };
  const bodies: Refused[] = takesFile
    ? [file]
    : takesBody
      ? [
          { ...base, what: 'an unknown field', headers: json, body: '{"nope":1}', status: 422 },
          {
            ...base,
            what: 'a field called constructor',
            headers: json,
            body: '{"constructor":1}',
            status: 422,
            field: 'constructor',
          },
          {
            ...base,
            what: 'bytes that are not UTF-8',
            headers: json,
            body: Buffer.from([0x22, 0xeb, 0x22]),
            status: 400,
          },
          {
            ...base,
            what: 'a body that is not JSON',
            headers: { 'Content-Type': 'text/plain' },
            body: '{}',
            status: 415,
          },
        ]
      : [
          { ...base, what: 'a body', headers: json, body: '{"nope":1}', status: reads ? 400 : 422 },
          {
            ...base,
            what: 'a body of another type',
            headers: { 'Content-Type': 'text/plain' },
            body: 'x',
            status: reads ? 400 : 415,
          },
        ];
  return [
    { ...base, what: 'an unknown parameter', path: with_({}, 'nope=1'), status: 422, field: 'nope' },
    {
      ...base,
      what: 'a parameter called __proto__',
      path: with_({}, '__proto__=1'),
      status: 422,
      field: '__proto__',
    },
    { ...base, what: 'a query that is not UTF-8', path: with_({}, 'a=%FF'), status: 400 },
    ...bodies,
    ...steps.flatMap(name =>
      crafted.map(value => ({
        ...base,
        what: `${name} ${JSON.stringify(value).slice(0, 40)}`,
        path: with_({ [name]: value }),
        status: [404, 422],
      })),
    ),
    ...steps.map(name => ({ ...base, what: `${name} that is not UTF-8`, path: with_({ [name]: '%FF' }), status: 400 })),
    ...(takesToken
      ? [
          {
            ...base,
            what: 'no token, before the body is read',
            headers: json,
            ...(takesBody && { body: '{"' }),
            token: false as const,
            status: 401,
          },
        ]
      : []),
    { ...base, what: 'another method', method: 'PATCH', status: 405 },
  ];
}
