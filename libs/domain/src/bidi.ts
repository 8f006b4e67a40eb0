// Directional formatting, by Unicode's Bidirectional Algorithm (UAX 9): what a text opens and leaves open reaches into
// whatever follows it on the line.

const [pdf, pdi, fsi] = ['\u202c', '\u2069', '\u2068'];
const embeddings = '\u202a\u202b\u202d\u202e';
const isolates = '\u2066\u2067\u2068';
const formatting = /[\u202a-\u202e\u2066-\u2069]/;
/** What ends a paragraph closes all of them by itself. */
const ends = '\n\r\u001c\u001d\u001e\u0085\u2029';
/** What is written from right to left, or steers directions. */
const steering =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The text with every embedding, override and isolate closed that it opens, and without ends of such as it did not open. */
export function closed(text: string): string {
  if (!formatting.test(text)) return text;
  let said = '';
  let open: string[] = [];
  const closeAll = () => {
    said += open.reverse().join('');
    open = [];
  };
  for (const character of text) {
    if (embeddings.includes(character)) open.push(pdf);
    else if (isolates.includes(character)) open.push(pdi);
    else if (character === pdf) {
      if (open.at(-1) !== pdf) continue;
      open.pop();
    } else if (character === pdi) {
      const isolate = open.lastIndexOf(pdi);
      if (isolate < 0) continue;
      said += open
        .slice(isolate + 1)
        .reverse()
        .join('');
      open = open.slice(0, isolate);
    } else if (ends.includes(character)) closeAll();
    said += character;
  }
  closeAll();
  return said;
}

/** The text so that it can stand in a line with other words and changes nothing of them, nor they of it. */
export const isolated = (text: string): string => (steering.test(text) ? fsi + closed(text) + pdi : text);

/** With a capital at its beginning; what only steers directions is passed over. */
export const capitalised = (text: string): string =>
  text.replace(/^(\p{Cf}*)(\p{Ll})/u, (_, before: string, letter: string) => before + letter.toUpperCase());
