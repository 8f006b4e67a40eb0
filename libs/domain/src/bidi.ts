// Directional formatting characters of Unicode's Bidirectional Algorithm (UAX 9). An unclosed one affects the rest of the line.

const [pdf, pdi, fsi] = ['\u202c', '\u2069', '\u2068'];
const embeddings = '\u202a\u202b\u202d\u202e';
const isolates = '\u2066\u2067\u2068';
const formatting = /[\u202a-\u202e\u2066-\u2069]/;
/** Paragraph separators, which close all of them automatically. */
const ends = '\n\r\u001c\u001d\u001e\u0085\u2029';
/** Right-to-left letters, and characters that control direction. */
const steering =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Closes every embedding, override and isolate that the text opens, and removes closing characters that match none. */
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

/** Isolates the text if it holds right-to-left writing, so that neither it nor the words around it change each other's order. */
export const isolated = (text: string): string => (steering.test(text) ? fsi + closed(text) + pdi : text);

/** Capitalises the first letter; skips characters that only control direction. */
export const capitalised = (text: string): string =>
  text.replace(/^(\p{Cf}*)(\p{Ll})/u, (_, before: string, letter: string) => before + letter.toUpperCase());
