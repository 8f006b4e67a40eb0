// Turns our style sheets into those of a shadow tree on another site's page.

/** The class of the element around all that we show there. */
const root = '.dateline';

const inPixels = css =>
  css.replace(/(?<![\w.-])(\d*[.]?\d+)rem\b/g, (_, size) => `${Number((size * 16).toFixed(3))}px`);

/** Each token is the page's, if it has one: `--accent: var(--dateline-accent, #b3201b)`. */
const asTokens = css => css.replace(/^(\s*)--([\w-]+): ([^;]+);/gm, '$1--$2: var(--dateline-$2, $3);');

/** The page says by `theme` whether it is dark: on its own paper it may be light whatever the reader prefers. */
function themed(css) {
  const dark = /@media [(]prefers-color-scheme: dark[)] [{]\s*:root ([{][^}]*[}])\s*[}]/.exec(css);
  if (!dark) throw new Error('tokens.css has no block for dark pages.');
  const [block, tokens] = dark;
  return css.replace(
    block,
    `:host([theme='dark']) ${root} ${tokens}\n@media (prefers-color-scheme: dark) { :host([theme='auto']) ${root} ${tokens} }`,
  );
}

/** A font that a shadow tree declares is not loaded. */
const withoutFonts = css => css.replace(/@font-face [{][^}]*[}]/g, '');

/** Turns one of our style sheets, by its name, into one of a shadow tree. */
export function embedded(css, name) {
  if (name !== 'tokens.css') return inPixels(css);
  return inPixels(
    asTokens(themed(withoutFonts(css)))
      .replace(/^:root/gm, root)
      .replace('color-scheme: light dark;', ''),
  );
}
