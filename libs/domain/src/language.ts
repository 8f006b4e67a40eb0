interface WithDirection extends Intl.Locale {
  getTextInfo?(): { direction: 'ltr' | 'rtl' };
  textInfo?: { direction: 'ltr' | 'rtl' };
}

const tag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/;

/**
 * The language as BCP 47 writes it; undefined for what is none. Stories that were opened before tags were checked may have
 * "en_US", which is told as "en-US", or "English", which is told to nobody.
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

/** The way a language is written: by its script, where the tag names one or its usual one. */
export function directionOf(language: string | null | undefined): 'ltr' | 'rtl' {
  const tag = bcp47(language);
  if (!tag) return 'ltr';
  const locale: WithDirection = new Intl.Locale(tag);
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? 'ltr';
}
