// XML 1.0 cannot hold these even escaped, and HTML treats them as errors; old logs contain some.
const unshown = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}|\p{Cs}/gu;

/** Replaces characters that XML or HTML cannot hold by U+FFFD; for whole documents too. */
export const showable = (text: string): string => text.replace(unshown, '\uFFFD');
