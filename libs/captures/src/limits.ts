/** How long an address to capture may be, in characters. */
export const longestAddress = 2_000;
/** Answers in a row that may send the fetcher on to another address. */
export const mostRedirects = 5;
/** The time for all of one capture, in milliseconds: names looked up, connections, redirects, bodies. */
export const longestCaptureMs = 15_000;
/** The time to connect to one address, in milliseconds. */
export const longestConnectMs = 5_000;
/** The headers of one answer, in bytes. */
export const largestHeaders = 16_384;
/** A page, in bytes: as it was sent, and as it is once decompressed. */
export const largestPage = 4_000_000;
/** An oEmbed answer, in bytes: as it was sent, and as it is once decompressed. */
export const largestOembed = 262_144;
/** A page's picture, in bytes. */
export const largestPagePicture = 5_000_000;
/** The time for a page's picture, in milliseconds: names looked up, connections, redirects, body. */
export const longestPictureMs = 8_000;
/** Elements inside each other in a page; what follows a deeper one is not read. */
export const deepestPage = 1_000;
/** `meta` elements of a page that are read. */
export const mostMetas = 500;
/** JSON-LD of a page that is read, in characters. */
export const longestJsonLd = 1_000_000;
/** Objects of a page's JSON-LD that are looked at, and how deep. */
export const mostNodes = 1_000;
export const deepestNode = 12;
/** Authors of one page that are named. */
export const mostAuthors = 5;
/** Captures that one process makes at a time; further ones are refused. */
export const mostAtOnce = 8;
/** Characters that are kept of each text. */
export const longestTexts = { title: 300, author: 200, site: 100, text: 2_000, alt: 500 } as const;
