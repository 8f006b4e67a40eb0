// No escape makes XML 1.0 hold these, and HTML calls them errors: logs hold some that were recorded before they were refused.
const unshown = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}|\p{Cs}/gu;

/** The text with U+FFFD in the place of whatever XML or HTML cannot hold; for whole documents too. */
export const showable = (text: string): string => text.replace(unshown, '\uFFFD');
