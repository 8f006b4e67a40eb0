import { pathTo } from '#client';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { NewPresence, Present } from '../contracts.js';
import type { Draft } from '../drafts.js';

/** What this page's person does. */
export type Doing = Pick<NewPresence, 'does' | 'target'>;

/** How often it is said again if the newsroom has not answered, in seconds. */
const againS = 10;

const newTab = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16)).join('');

/** What a person does with this draft open; `pristine` while nothing is written. */
export const doingWith = (draft: Draft | undefined, pristine: boolean): Doing => {
  if (!draft || pristine) return { does: 'here' };
  return draft.act === 'correct' ? { does: 'correcting', target: draft.target } : { does: 'writing' };
};

/** Says what the person does: when it changes, and again before the newsroom forgets it. Returns the id of this page. Without `doing` nothing is said. */
export function useSaying(story: string, api: Pick<EditorApi, 'answer' | 'tell'>, doing: Doing | undefined): string {
  const tab = useMemo(newTab, []);
  const now = useRef(doing);
  now.current = doing;
  const path = pathTo('stories', story, 'presence');
  useEffect(() => {
    if (!now.current) return;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const say = async () => {
      const answered = await api.answer('POST', path, { tab, ...now.current }).catch(() => undefined);
      const { againS: asked } = (answered?.body ?? {}) as { againS?: number };
      if (!over) timer = setTimeout(() => void say(), (asked ?? againS) * 1_000);
    };
    void say();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [story, api, tab, doing?.does, doing?.target]);
  useEffect(() => {
    const leave = () => now.current && api.tell(path, { tab, does: 'gone' });
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [story, api, tab]);
  return tab;
}

const words: Readonly<Record<Present['does'], string>> = {
  here: 'here',
  writing: 'writing',
  correcting: 'correcting',
  editing: 'making a minor edit',
  classifying: 'classifying',
};

const nameOf = ({ person }: Present) => person.name ?? person.id;

/** The names of these people, each once. */
function named(people: readonly Present[]): string {
  const names = [...new Set(people.map(nameOf))];
  const last = names.pop();
  return names.length > 0 ? `${names.join(', ')} and ${last}` : (last ?? '');
}

const isMine = ({ tab }: Present, mine: string) => tab === mine;

/** Who works on a development, in words: “Ada is correcting this”. Undefined if nobody does. */
export function atWork(people: readonly Present[], development: string, mine: string): string | undefined {
  const here = people.filter(present => present.target === development && !isMine(present, mine));
  const said = [...new Set(here.map(({ does }) => does))].map(does => {
    const those = here.filter(present => present.does === does);
    const many = new Set(those.map(nameOf)).size > 1;
    return `${named(those)} ${many ? 'are' : 'is'} ${words[does]} ${does === 'editing' ? 'in this' : 'this'}`;
  });
  return said.length > 0 ? said.join('; ') : undefined;
}

/** The colleagues at the story, each once, with whether they are writing. */
export function colleagues(people: readonly Present[], me: string): { id: string; name: string; writes: boolean }[] {
  const found = new Map<string, { id: string; name: string; writes: boolean }>();
  for (const present of people) {
    const { id } = present.person;
    if (id === me) continue;
    const writes = present.does !== 'here' || Boolean(found.get(id)?.writes);
    found.set(id, { id, name: nameOf(present), writes });
  }
  return [...found.values()];
}
