import { signManifest, type Manifest } from '#bundle';
import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Random } from '../simulator/random.js';
import { filesOf } from './contents.js';
import type { Originals } from './originals.js';

/** What a change may use. */
export interface Harming {
  /** A copy of a bundle, to be changed in place. */
  readonly folder: string;
  /** The bundle's files. */
  readonly files: readonly string[];
  readonly originals: Originals;
  readonly random: Random;
}

/** A kind of change. Resolves to what it changed, so that a person can do it again. */
export type Harm = (it: Harming) => Promise<string>;

const isBlob = (name: string) => name.startsWith('blobs/');
const isLines = (name: string) => name.endsWith('.jsonl');
/** One of the files. Most are pictures; the others are as interesting. */
function anyOf({ files, random }: Harming, which: (name: string) => boolean = () => true): string {
  const [pictures, others] = [files.filter(isBlob).filter(which), files.filter(name => !isBlob(name)).filter(which)];
  return random.pick(others.length === 0 || (pictures.length > 0 && random.chance(0.3)) ? pictures : others);
}

type Edit = (lines: string[], random: Random) => readonly string[];
const onLines =
  (edit: Edit): Harm =>
  async it => {
    const name = anyOf(it, file => isLines(file) || file === 'manifest.json');
    const path = join(it.folder, name);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    await writeFile(
      path,
      edit(lines, it.random)
        .map(line => `${line}\n`)
        .join(''),
    );
    return name;
  };
const onText =
  (edit: (text: string, random: Random) => string, which = (name: string) => !isBlob(name)): Harm =>
  async it => {
    const name = anyOf(it, which);
    const path = join(it.folder, name);
    await writeFile(path, edit(await readFile(path, 'utf8'), it.random));
    return name;
  };
const onBytes =
  (edit: (bytes: Buffer, random: Random) => Buffer, which?: (name: string) => boolean): Harm =>
  async it => {
    const name = anyOf(it, which);
    const path = join(it.folder, name);
    await writeFile(path, edit(await readFile(path), it.random));
    return name;
  };

const flipped = (bytes: Buffer, random: Random, times = 1) => {
  for (let time = 0; time < times && bytes.length > 0; time++)
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};
/** Another letter or digit in the place of one, so that the text can still be read. */
const misspelt = (text: string, random: Random) => {
  const places = [...text.matchAll(/[0-9a-f]/g)].map(({ index }) => index);
  const at = random.pick(places);
  const other = [...'0123456789abcdef'].filter(letter => letter !== text[at]);
  return text.slice(0, at) + random.pick(other) + text.slice(at + 1);
};
const swapped = <T>(list: T[], random: Random): T[] => {
  const [one, other] = [random.below(list.length), random.below(list.length)];
  [list[one], list[other]] = [list[other]!, list[one]!];
  return list;
};

/** Puts a link where a file was. */
const link =
  (to: (path: string, it: Harming) => string): Harm =>
  async it => {
    const name = anyOf(it);
    const path = join(it.folder, name);
    const target = to(path, it);
    await rm(path);
    await symlink(target, path);
    return `${name} is a link to ${target}`;
  };

async function exchange(folder: string, one: string, other: string): Promise<void> {
  const [a, b] = [await readFile(join(folder, one)), await readFile(join(folder, other))];
  await writeFile(join(folder, one), b);
  await writeFile(join(folder, other), a);
}

/** Names that folders of other systems, or a careless program, may read as others. */
const names: readonly ((name: string) => string)[] = [
  name => name.toUpperCase(),
  name => `${name} `,
  name => `${name}.`,
  name => `${name}\n`,
  name => name.replace(/.$/, ''),
  name => `.${name}`,
  name => name.replace('.', '\u2024'),
  name => `${name}\u200b`,
];
/** Another name: a change that finds no letter or dot in it would leave it as it is. */
const renamed = (name: string, random: Random) => {
  const last = name.split('/').at(-1)!;
  const others = names.map(change => change(last)).filter(other => other !== last);
  return join(dirname(name), random.pick(others));
};

async function resigned({ folder, originals }: Harming, change: (manifest: Manifest) => Manifest): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  // Not by the product's function, which refuses to write some of these.
  const text = `${JSON.stringify({ ...change(manifest), kid: originals.stranger.kid }, null, 2)}\n`;
  await writeFile(join(folder, 'manifest.json'), text);
  await writeFile(join(folder, 'manifest.jws'), `${await signManifest(originals.stranger, text)}\n`);
}

/** Every kind of change, by its name. */
export const harms: Readonly<Record<string, Harm>> = {
  'a bit flipped': onBytes((bytes, random) => flipped(bytes, random)),
  'a bit of a picture flipped': onBytes((bytes, random) => flipped(bytes, random), isBlob),
  'many bits flipped': onBytes((bytes, random) => flipped(bytes, random, 2 + random.below(50))),
  'a letter changed': onText(misspelt),
  'a file cut': async it => {
    const name = anyOf(it);
    const { length } = await readFile(join(it.folder, name));
    const left = it.random.below(length);
    await truncate(join(it.folder, name), left);
    return `${name} after ${left} bytes`;
  },
  'a file cut at a line': onLines((lines, random) => lines.slice(0, random.below(lines.length + 1))),
  'a line cut out': onLines((lines, random) => lines.toSpliced(random.below(lines.length), 1)),
  'a file removed': async it => {
    const name = anyOf(it);
    await rm(join(it.folder, name));
    return name;
  },
  'all pictures removed': async ({ folder }) => {
    await rm(join(folder, 'blobs'), { recursive: true });
    return 'blobs';
  },
  'two lines swapped': onLines((lines, random) => swapped(lines, random)),
  'two files swapped': async it => {
    const [one, other] = [anyOf(it), anyOf(it)];
    await exchange(it.folder, one, other);
    return `${one} and ${other}`;
  },
  'two pictures swapped': async it => {
    const [one, other] = [it.random.pick(it.files.filter(isBlob)), it.random.pick(it.files.filter(isBlob))];
    await exchange(it.folder, one, other);
    return `${one} and ${other}`;
  },
  'a file of another bundle': async it => {
    const from = it.random.pick([...it.originals.bundles, ...it.originals.others]);
    const theirs = await filesOf(from);
    const name = anyOf(it);
    const alike = theirs.filter(file => file === name || (isBlob(file) && isBlob(name)));
    const other = it.random.pick(alike.length > 0 ? alike : theirs);
    await cp(join(from, other), join(it.folder, name));
    return `${name} is ${other} of ${from}`;
  },
  'the manifest of another bundle': async it => {
    const from = it.random.pick([...it.originals.bundles, ...it.originals.others]);
    for (const name of ['manifest.json', 'manifest.jws']) await cp(join(from, name), join(it.folder, name));
    return from;
  },
  'a line doubled': onLines((lines, random) => {
    const at = random.below(lines.length);
    return lines.toSpliced(random.below(lines.length + 1), 0, lines[at] ?? '');
  }),
  'a file doubled': onBytes(bytes => Buffer.concat([bytes, bytes])),
  'a member doubled': onText(
    (text, random) => {
      const members = [...text.matchAll(/"\w+": ?("[^"\\]*"|\d+),?/g)];
      const { 0: member, index } = random.pick(members);
      return `${text.slice(0, index)}${member.replace(/,?$/, ',')}${text.slice(index)}`;
    },
    name => isLines(name) || name === 'manifest.json',
  ),
  'signed by another key': async it => {
    await resigned(it, manifest => manifest);
    return 'the same manifest';
  },
  'another claim, signed by another key': async it => {
    const lies: ((manifest: Manifest) => Manifest)[] = [
      ({ files, ...rest }) => ({ ...rest, files: files.slice(1) }),
      ({ files, ...rest }) => ({ ...rest, files: [...files, { ...files[0]!, name: '../../../etc/passwd' }] }),
      ({ tree, ...rest }) => ({ ...rest, tree: { ...tree, size: tree.size - 1 } }),
      ({ counts, ...rest }) => ({ ...rest, counts: { ...counts, keys: 0 } }),
    ];
    const lie = it.random.below(lies.length);
    await resigned(it, lies[lie]!);
    return `claim ${lie}`;
  },
  'other line ends': onText((text, random) =>
    random.pick([
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '\r'),
      text.replace(/\n$/, ''),
      `${text}\n`,
      `\n${text}`,
      `\uFEFF${text}`,
      text.replaceAll('\n', '\n\n'),
      text.replaceAll('\n', '\u2028'),
      text.replace(/\n$/, ' \n'),
    ]),
  ),
  'a link to the same bytes': async it => {
    const name = anyOf(it);
    const beside = `${resolve(it.folder)}.moved`;
    await rename(join(it.folder, name), beside);
    await symlink(beside, join(it.folder, name));
    return name;
  },
  'a link to other bytes': link((_, { originals, random }) => resolve(random.pick(originals.others), 'index.jsonl')),
  'a link to no file': link((path, { random }) =>
    random.pick(['/dev/null', '/dev/zero', '/', path, 'nowhere', `${path}/below`, '.', '/proc/self/fd/0']),
  ),
  'a folder or a pipe': async it => {
    const name = anyOf(it);
    const path = join(it.folder, name);
    await rm(path);
    const isPipe = it.random.chance(0.5);
    if (isPipe) execFileSync('mkfifo', [path]);
    else await mkdir(path);
    return `${name} is a ${isPipe ? 'pipe' : 'folder'}`;
  },
  'the folder of pictures is a file or a link': async ({ folder, random, originals }) => {
    await rm(join(folder, 'blobs'), { recursive: true });
    if (random.chance(0.5)) await writeFile(join(folder, 'blobs'), '');
    else
      await symlink(resolve(random.pick([...originals.bundles, ...originals.others]), 'blobs'), join(folder, 'blobs'));
    return 'blobs';
  },
  'another name': async it => {
    const name = anyOf(it);
    const to = renamed(name, it.random);
    await rename(join(it.folder, name), join(it.folder, to));
    return `${name} is ${JSON.stringify(to)}`;
  },
  'one file more': async it => {
    const name = anyOf(it);
    const to = renamed(name, it.random);
    await cp(join(it.folder, name), join(it.folder, to));
    return `${JSON.stringify(to)} beside ${name}`;
  },
  'bytes behind the end': async it => {
    const name = anyOf(it);
    await appendFile(join(it.folder, name), it.random.pick(['\0', ' ', '{}', '\n{}\n', '\xff', '=']), 'latin1');
    return name;
  },
};

/** What leaves links and pipes: whatever changed the bundle after it would follow a link out of the bundle, or wait at a pipe. */
const isLast = (kind: string) => /link|pipe/.test(kind);

/** Several changes of random kinds, one upon the other. One that finds nothing left to change is left out. */
export const several: Harm = async it => {
  const kinds = Object.entries(harms);
  const done: string[] = [];
  for (let number = 2 + it.random.below(3); number > 0; number--) {
    const [kind, harm] = it.random.pick(kinds);
    done.push(`${kind}: ${await harm(it).catch((error: Error) => `not done (${error.message})`)}`);
    if (isLast(kind)) break;
  }
  return done.join('; ');
};
