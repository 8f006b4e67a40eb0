import { createRequire } from 'node:module';
import { type Described, known } from './described.js';
import { textOf } from './page.js';
import { lineOf, webAddress } from './words.js';

interface Provider {
  readonly provider_name: string;
  readonly endpoints: readonly { readonly url: string; readonly schemes?: readonly string[] }[];
}

interface Scheme {
  readonly host: string;
  readonly path: string;
  readonly endpoint: string;
}

const providers = createRequire(import.meta.url)('oembed-providers') as readonly Provider[];
const schemes: readonly Scheme[] = providers.flatMap(({ endpoints }) =>
  endpoints.flatMap(({ url, schemes: listed = [] }) =>
    listed.flatMap(scheme => {
      const [, host, path] = /^https?:\/\/([^/]+)(\/.*)$/.exec(scheme) ?? [];
      return host !== undefined && path !== undefined ? [{ host: host.toLowerCase(), path, endpoint: url }] : [];
    }),
  ),
);

/** The address to ask for the oEmbed answer of a page, if its site is on the list of providers. */
export function oembedAddress(page: string): string | undefined {
  const { hostname, pathname, search } = new URL(page);
  const found = schemes.find(
    ({ host, path }) =>
      (matches(host, hostname) || host === `*.${hostname}`) &&
      (matches(path, pathname + search) || matches(path, pathname)),
  );
  if (!found) return undefined;
  const endpoint = new URL(found.endpoint.replaceAll('{format}', 'json'));
  endpoint.searchParams.set('format', 'json');
  endpoint.searchParams.set('url', page);
  return endpoint.href;
}

/** Whether a text matches a pattern in which * is any text. Takes time in proportion to both, as no regular expression would. */
function matches(pattern: string, text: string): boolean {
  const [start, ...rest] = pattern.split('*') as [string, ...string[]];
  const end = rest.pop();
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start) || !text.endsWith(end) || text.length < start.length + end.length) return false;
  let at = start.length;
  for (const part of rest) {
    at = text.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= text.length - end.length;
}

/** What an oEmbed answer says (oembed.com). Of its HTML, the text of a quotation is kept, and nothing else. */
export function oembed(answer: unknown, base: string): Described {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return {};
  const said = answer as Record<string, unknown>;
  const picture = said.type === 'photo' ? said.url : said.thumbnail_url;
  return known({
    title: lineOf('title', said.title),
    author: lineOf('author', said.author_name),
    site: lineOf('site', said.provider_name),
    published: undefined,
    text: typeof said.html === 'string' ? lineOf('text', quoted(said.html)) : undefined,
    picture: webAddress(picture, base),
    alt: undefined,
  });
}

/** The quotation in the HTML of a post. A player or a frame quotes nothing. */
const quoted = (html: string) => (/<blockquote\b/i.test(html) ? textOf(html, 'blockquote') : undefined);
