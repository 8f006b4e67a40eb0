import MarkdownIt from 'markdown-it';
import sanitize from 'sanitize-html';
import { showable } from './code-points.js';

// What stands in the log as typed and leads to the web is a link, by its scheme alone: "example.com" may be a file's name.
const markdown = new MarkdownIt({ html: false, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

type Tokens = ReturnType<typeof markdown.parse>;

/** Whether it leads to the web, or to a mailbox, from wherever it is shown. */
const leadsToWeb = (href: string | undefined): boolean =>
  href !== undefined && /^(https?:\/\/|mailto:)/i.test(href) && URL.canParse(href);

const attribute = (token: Tokens[number], name: string) => String(token.attrGet(name) ?? '');

// A link cannot hold a link: which pictures stand in one is noted once, as looking back from each would be quadratic.
markdown.core.ruler.push('pictures-in-links', ({ tokens }) => {
  for (const { children } of tokens) {
    let depth = 0;
    for (const token of children ?? []) {
      depth += Number(token.type === 'link_open') - Number(token.type === 'link_close');
      if (token.type === 'image') token.meta = { inLink: depth > 0 };
    }
  }
});

// Nothing shows pictures yet, and a page loads nothing from elsewhere: a picture is a link by what its author says is in it.
markdown.renderer.rules.image = (tokens, i, options, env, self) => {
  const src = attribute(tokens[i]!, 'src');
  const alt = self.renderInlineAsText(tokens[i]!.children ?? [], options, env).trim();
  const text = escapeHtml(alt || src);
  const { inLink } = tokens[i]!.meta as { inLink: boolean };
  return leadsToWeb(src) && !inLink ? `<a href="${escapeHtml(src)}">${text}</a>` : text;
};

const allowed: sanitize.IOptions = {
  allowedTags: [
    ...['p', 'br', 'hr', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'a', 'ul', 'ol', 'li'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'title', 'rel'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    // A feed reader or an app would follow any other link into its own site.
    a: (tagName, attribs) =>
      leadsToWeb(attribs.href)
        ? { tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }
        : { tagName: 'not-a-link', attribs: {} },
  },
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Plain text as HTML that shows the same characters, in an element's text or in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  showable(text).replace(/[&<>"']/g, character => entities[character]!);

/** An editor's markdown as HTML safe to put into any page: tags that the editor typed are text, links lead to the web only. */
export const bodyHtml = (body: string): string => sanitize(markdown.render(showable(body)), allowed).trim();

const written: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** The words of HTML made here, without its tags. */
export const plainText = (html: string): string =>
  sanitize(html, { allowedTags: [], allowedAttributes: {} })
    .replace(/&(?:amp|lt|gt|quot);/g, entity => written[entity]!)
    .trim();

const seen = /[^\s\p{Z}\p{Cc}\p{Cf}]/u;
const showsWords = (html: string) => seen.test(plainText(html));

/** The body as HTML; null where there is none, or where its markup shows not one word. */
export function shownBody(body: string | null | undefined): string | null {
  if (body === null || body === undefined) return null;
  const html = bodyHtml(body);
  return showsWords(html) ? html : null;
}

/** Why a body could not be shown as it was meant; undefined where it can be. */
export function bodyFault(body: string): string | undefined {
  const inline = markdown.parse(body, {}).flatMap(({ children }) => children ?? []);
  const attributes: Record<string, string> = { link_open: 'href', image: 'src' };
  const targets = inline.flatMap(token => (attributes[token.type] ? [attribute(token, attributes[token.type]!)] : []));
  const astray = targets.find(target => !leadsToWeb(target));
  if (astray !== undefined)
    return `must link to the web: "${astray}" does not begin with https://, http:// or mailto:, so it would not work in a feed`;
  return showsWords(bodyHtml(body)) ? undefined : 'must contain text, not only markup';
}
