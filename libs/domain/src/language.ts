interface WithDirection extends Intl.Locale {
  getTextInfo?(): { direction: 'ltr' | 'rtl' };
  textInfo?: { direction: 'ltr' | 'rtl' };
}

const tag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/;

/**
 * The language as a canonical BCP 47 tag; undefined if it is not a tag. Stories opened before tags were checked may hold "en_US",
 * which becomes "en-US", or "English", which becomes undefined.
 */
export function bcp47(language: string | null | undefined): string | undefined {
  const written = language?.replaceAll('_', '-');
  if (!written || !tag.test(written)) return undefined;
  try {
    return Intl.getCanonicalLocales(written.replace(/^[a-z]{2,3}-(?=[a-z]{3}(-|$))/i, ''))[0];
  } catch {
    return undefined;
  }
}

/** The writing direction of a language: by the script in its tag, or else the script it usually has. */
export function directionOf(language: string | null | undefined): 'ltr' | 'rtl' {
  const tag = bcp47(language);
  if (!tag) return 'ltr';
  const locale: WithDirection = new Intl.Locale(tag);
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? 'ltr';
}
