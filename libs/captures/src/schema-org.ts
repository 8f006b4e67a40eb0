import { type Described, known } from './described.js';
import { deepestNode, longestTexts, mostAuthors, mostNodes } from './limits.js';
import type { Page } from './page.js';
import { instantOrDate, line, lineOf, webAddress } from './words.js';

type Node = Readonly<Record<string, unknown>>;

/** Types that are a page's own subject, the first ones before the later ones. */
const subjects = [
  /(Article|Posting|Report|Review|Recipe)$/,
  /^(VideoObject|AudioObject|PodcastEpisode|ImageObject|Event|Dataset|Movie|Book|MusicRecording)$/,
  /^(WebPage|ItemPage|AboutPage|ProfilePage)$/,
];

/** What a page says by schema.org, in JSON-LD. Microdata and RDFa are not read. */
export function schemaOrg(page: Page, base: string): Described {
  const nodes = nodesOf(page.jsonLd);
  const of = (types: RegExp) => nodes.find(node => typesOf(node).some(type => types.test(type)));
  const node = subjects.map(of).find(found => found !== undefined);
  if (!node) return {};
  const site = nodes.find(each => typesOf(each).includes('WebSite'));
  return known({
    title: lineOf('title', node.headline ?? node.name),
    author: authorOf(node.author ?? node.creator, nodes),
    site: lineOf('site', nameOf(node.publisher, nodes) ?? site?.name),
    published: instantOrDate(node.datePublished ?? node.uploadDate ?? node.dateCreated),
    text: lineOf('text', node.description ?? node.articleBody ?? node.text),
    picture: webAddress(addressOf(node.image ?? node.thumbnailUrl, nodes), base),
    alt: undefined,
  });
}

/** Every object of the page's JSON-LD, from the outside in. */
function nodesOf(scripts: readonly string[]): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown, depth: number) => {
    if (found.length >= mostNodes || depth > deepestNode || typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) found.push(value as Node);
    for (const each of Object.values(value)) visit(each, depth + 1);
  };
  for (const script of scripts) {
    try {
      visit(JSON.parse(script), 0);
    } catch {
      // Sites write JSON-LD that is none. The others may be right.
    }
  }
  return found;
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);
const typesOf = (node: Node): string[] =>
  listed(node['@type'])
    .filter(type => typeof type === 'string')
    .map(type => type.replace(/^https?:\/\/schema\.org\//, ''));

/** The node that an `@id` points to, or the value. */
function resolved(value: unknown, nodes: readonly Node[]): unknown {
  if (typeof value !== 'object' || value === null || !('@id' in value)) return value;
  return Object.keys(value).length > 1
    ? value
    : (nodes.find(node => node['@id'] === value['@id'] && Object.keys(node).length > 1) ?? value);
}

function nameOf(value: unknown, nodes: readonly Node[]): unknown {
  const said = resolved(listed(value)[0], nodes);
  return typeof said === 'object' && said !== null ? listed((said as Node).name)[0] : said;
}

function authorOf(value: unknown, nodes: readonly Node[]): string | undefined {
  const names = listed(value)
    .slice(0, mostAuthors)
    .map(each => line(nameOf(each, nodes), longestTexts.author))
    .filter(name => name !== undefined && !/^https?:/i.test(name));
  return lineOf('author', names.join(', '));
}

function addressOf(value: unknown, nodes: readonly Node[]): unknown {
  const said = resolved(listed(value)[0], nodes);
  return typeof said === 'object' && said !== null ? listed((said as Node).url ?? (said as Node).contentUrl)[0] : said;
}
