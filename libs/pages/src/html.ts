import MarkdownIt from 'markdown-it';
import sanitize from 'sanitize-html';

// XML 1.0 cannot hold these even escaped, and HTML treats them as errors; old logs contain some.
const unshown = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}|\p{Cs}/gu;

/** Replaces characters that XML or HTML cannot hold by U+FFFD; for whole documents too. */
export const showable = (text: string): string => text.replace(unshown, '\uFFFD');

// A bare address is made a link only if it has a scheme: "example.com" may be the name of a file.
const markdown = new MarkdownIt({ html: false, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

type Tokens = ReturnType<typeof markdown.parse>;

/** Whether the link leads to the web or to a mailbox, wherever it is shown. */
const leadsToWeb = (href: string | undefined): boolean =>
  href !== undefined && /^(https?:\/\/|mailto:)/i.test(href) && URL.canParse(href);

const attribute = (token: Tokens[number], name: string) => String(token.attrGet(name) ?? '');

// A link cannot contain a link. Pictures inside links are marked in one pass, as searching backwards from each would be quadratic.
markdown.core.ruler.push('pictures-in-links', ({ tokens }) => {
  for (const { children } of tokens) {
    let depth = 0;
    for (const token of children ?? []) {
      depth += Number(token.type === 'link_open') - Number(token.type === 'link_close');
      if (token.type === 'image') token.meta = { inLink: depth > 0 };
    }
  }
});

// Pictures are not supported yet, and pages load nothing from elsewhere: a picture becomes a link with its alternative text.
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
    // Feed readers and apps would resolve any other link against their own site.
    a: (tagName, attribs) =>
      leadsToWeb(attribs.href)
        ? { tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }
        : { tagName: 'not-a-link', attribs: {} },
  },
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes plain text for an element's text or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  showable(text).replace(/[&<>"']/g, character => entities[character]!);

/** Renders an editor's markdown as HTML that is safe in any page: typed tags are shown as text, links lead only to the web. */
export const bodyHtml = (body: string): string => sanitize(markdown.render(showable(body)), allowed).trim();

const written: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** The text of HTML rendered here, without its tags. */
export const plainText = (html: string): string =>
  sanitize(html, { allowedTags: [], allowedAttributes: {} })
    .replace(/&(?:amp|lt|gt|quot);/g, entity => written[entity]!)
    .trim();

const seen = /[^\s\p{Z}\p{Cc}\p{Cf}]/u;
const showsWords = (html: string) => seen.test(plainText(html));

/** The body as HTML; null if there is none, or if its markup shows no words. */
export function shownBody(body: string | null | undefined): string | null {
  if (body === null || body === undefined) return null;
  const html = bodyHtml(body);
  return showsWords(html) ? html : null;
}

/** Why a body would not be shown as its author meant it; undefined if it would. */
export function bodyFault(body: string): string | undefined {
  const inline = markdown.parse(body, {}).flatMap(({ children }) => children ?? []);
  const attributes: Record<string, string> = { link_open: 'href', image: 'src' };
  const targets = inline.flatMap(token => (attributes[token.type] ? [attribute(token, attributes[token.type]!)] : []));
  const astray = targets.find(target => !leadsToWeb(target));
  if (astray !== undefined)
    return `must link to the web: "${astray}" does not begin with https://, http:// or mailto:, so it would not work in a feed`;
  return showsWords(bodyHtml(body)) ? undefined : 'must contain text, not only markup';
}
