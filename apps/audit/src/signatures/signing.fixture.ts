import { generateSigningKey, fingerprintOf, signerOf, type SigningJwk } from '#bundle';
import { commandHash, storyStream, type Author } from '#domain';
import type { Signed } from '#event-log';
import { AuthorKey, certificateS, certify, signStatement, type Certificate, type Statement } from '#signatures';
import { generateKeyPairSync } from 'node:crypto';
import { source, story } from '../newsroom.fixture.js';

/** A command as a test's author asks for it. */
export interface Asked {
  readonly does: string;
  readonly target?: object;
  readonly body?: object;
}

/** The more of a signed commit: see `Writing`. */
export interface SignedMore {
  readonly by: Author;
  readonly command: string;
  readonly commandHash: string;
  readonly recorded: string;
  readonly signed: Signed;
}

let commands = 0;

/** A newsroom's certifying key, and authors with keys of their own. */
export class Certifying {
  private constructor(readonly key: SigningJwk) {}

  static async open(): Promise<Certifying> {
    return new Certifying(await generateSigningKey({ dev: false }));
  }

  get fingerprint(): string {
    return fingerprintOf(this.key.kid);
  }

  /** An author's key, and how it signs commands. `more` replaces claims of the certificate, and fields of the statement. */
  author(by: Author, roles: readonly string[]) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = AuthorKey.parse(publicKey.export({ format: 'jwk' }));
    return async (
      asked: Asked,
      recorded: string,
      more: { certificate?: Partial<Certificate>; statement?: Partial<Statement> } = {},
    ): Promise<SignedMore> => {
      const hash = commandHash({ by: by.id, target: { story }, body: {}, ...asked });
      const iat = Math.floor(Date.parse(recorded) / 1_000) - 60;
      const claims = { cnf: { jwk }, iat, exp: iat + certificateS, iss: 'test', log: source, sub: by.id };
      const name = by.name === undefined ? {} : { name: by.name };
      const command = `signed-${++commands}`;
      const certificate = await certify(await signerOf(this.key), {
        ...claims,
        ...name,
        roles: [...roles],
        ...more.certificate,
      });
      const covered = { by: by.id, command, commandhash: hash, log: source, stream: storyStream(story) };
      const signed = signStatement(privateKey, { ...covered, time: recorded, ...more.statement });
      return { by, command, commandHash: hash, recorded, signed: { certificate, command: signed } };
    };
  }
}
