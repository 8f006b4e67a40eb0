import type { Machine, MadeMachine, NewMachine } from '#contract';
import type { Author } from '#domain';
import { Problem, Refused, tokenIn, type Credentials, type Identified } from '#platform';
import { Logger } from '@nestjs/common';
import type { Request } from 'express';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { MachineStore, UsableMachine } from './store.js';

/** How long this process believes what it read of a token, in milliseconds: a revocation holds after that. */
const believedMs = 500;
/** The most tokens of which that is remembered. */
export const machinesKept = 1_000;

const form = /^dateline_[\w-]{43}$/;
const newToken = () => `dateline_${randomBytes(32).toString('base64url')}`;
const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** The tokens of programs: random, and known to Postgres by their hashes. */
export class Machines implements Credentials {
  private readonly logger = new Logger('auth');
  /** `until`: by `performance.now()`, because a clock that is put back would make it last. */
  private readonly believed = new Map<string, Identified & { readonly until: number }>();

  constructor(readonly store: MachineStore) {}

  of(request: Pick<Request, 'headers' | 'method'>): Promise<Identified> | undefined {
    const token = tokenIn(request);
    if (!token?.startsWith('dateline_')) return undefined;
    // Nothing else is looked up.
    return form.test(token) ? this.identify(hashOf(token)) : Promise.reject(refused('no such form'));
  }

  private async identify(hash: Buffer): Promise<Identified> {
    const key = hash.toString('hex');
    const known = this.believed.get(key);
    if (known && performance.now() < known.until && Date.now() < known.principal.ends) return known;
    this.believed.delete(key);
    const found = await this.stored(this.store.find(hash));
    if (!found) throw refused('no such token');
    void this.store.use(found.id).catch(() => undefined);
    const identified = identifiedBy(found);
    this.believed.set(key, { ...identified, until: performance.now() + believedMs });
    if (this.believed.size > machinesKept) this.believed.delete(this.believed.keys().next().value!);
    return identified;
  }

  /** Makes a token; undefined if the story has as many as it may. */
  async make(story: string, by: Author, wanted: NewMachine): Promise<MadeMachine | undefined> {
    const token = newToken();
    // In UTC: Postgres reads no offset of 16 hours or more.
    const expires = new Date(wanted.expires).toISOString();
    const made = await this.stored(this.store.add(randomUUID(), hashOf(token), story, by, { ...wanted, expires }));
    return made && { ...made, token };
  }

  /** Revokes a token of the story, in this process at once; undefined if the story has none with this id. */
  async revoke(id: string, story: string): Promise<Machine | undefined> {
    const revoked = await this.stored(this.store.revoke(id, story));
    this.believed.clear();
    return revoked;
  }

  /** The store's answer, or a 503. */
  async stored<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      return await asked;
    } catch (error) {
      this.logger.warn({ why: (error as Error).message }, 'the tokens of programs are unavailable');
      const detail = 'The database of tokens does not answer. Nothing was done; try again in a minute.';
      throw new Problem(503, 'tokens-unavailable', detail);
    }
  }
}

const refused = (why: string) =>
  new Refused(401, 'wrong-token', 'This token has expired, is revoked, or never existed. Ask for a new one.', why);

/** A program acts with its maker's rights in the story, as far as its token lists the act. */
const identifiedBy = ({ id, story, acts, name, maker, made, expires }: UsableMachine): Identified => ({
  principal: { id: `machine:${id}`, name, roles: ['editor'], ends: expires.getTime(), machine: { story, acts, maker } },
  issued: made.getTime(),
});
