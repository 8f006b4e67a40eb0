import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** An answer as it was sent. `path` has no query. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface Described {
  readonly headers?: Record<string, { required?: boolean }>;
  readonly content?: Record<string, { schema?: object }>;
}
interface Document {
  readonly paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
}

// If an answer has one of these headers, the document must list it.
const found = [
  'etag',
  'location',
  'link',
  'memento-datetime',
  'retry-after',
  'www-authenticate',
  'idempotency-replayed',
];
const pointer = (...steps: string[]) =>
  steps.map(step => '/' + step.replaceAll('~', '~0').replaceAll('/', '~1')).join('');

/** Checks real answers against an OpenAPI document; returns each contradiction as a sentence. */
export function conformanceTo(document: Document): (exchange: Exchange) => string[] {
  const ajv = new Ajv2020({ strict: false, logger: false });
  formats.default(ajv);
  ajv.addSchema(document, 'document');
  const routes = Object.keys(document.paths).map(path => ({
    path,
    parameters: path.split('{').length,
    matches: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  routes.sort((a, b) => a.parameters - b.parameters);

  const bodyAmiss = (response: Described, at: string[], type: string, body: string): string[] => {
    if (!response.content?.[type]) return [`the type ${type} is not documented.`];
    if (!/[/+]json$/.test(type)) return [];
    const validate = ajv.getSchema(`document#${pointer(...at, 'content', type, 'schema')}`);
    if (!validate) return ['its schema is missing.'];
    return validate(JSON.parse(body)) ? [] : [ajv.errorsText(validate.errors)];
  };

  return ({ method: sent, path, status, headers, body }) => {
    const method = sent === 'HEAD' ? 'get' : sent.toLowerCase();
    const route = routes.find(({ matches }) => matches.test(path))?.path;
    const operation = route === undefined ? undefined : document.paths[route]![method];
    const type = headers['content-type']?.split(';')[0] ?? '';
    if (route === undefined || !operation) return isOfApi(status, type) ? [`${method} ${path} is not documented.`] : [];
    const key = status === 500 ? 'default' : String(status);
    const response = operation.responses[key];
    if (!response) return [`${method} ${route}: the status ${status} is not documented.`];
    const at = ['paths', route, method, 'responses', key];
    const amiss = [...headersAmiss(response, headers), ...(body === '' ? [] : bodyAmiss(response, at, type, body))];
    return amiss.map(what => `${method} ${route} ${status}: ${what}`);
  };
}

/** Pages and their assets are for people and not part of the API. A 404 for an unknown route needs no documentation. */
const isOfApi = (status: number, type: string) => status < 400 && /json|xml|link-format/.test(type);

function headersAmiss({ headers: described = {} }: Described, sent: Exchange['headers']): string[] {
  const names = Object.keys(described).map(name => name.toLowerCase());
  const missing = Object.entries(described).filter(([name, { required }]) => required && !sent[name.toLowerCase()]);
  return [
    ...missing.map(([name]) => `the header ${name} is missing.`),
    ...found.filter(name => sent[name] && !names.includes(name)).map(name => `the header ${name} is not documented.`),
  ];
}
