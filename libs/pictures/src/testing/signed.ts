import 'reflect-metadata';
import init, { WasmBuilder } from '@contentauth/c2pa-wasm';
import * as x509 from '@peculiar/x509';
import { encode } from 'cborg';
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const emailProtection = '1.3.6.1.5.5.7.3.4';
const reserved = 4_000;
const day = 24 * 3_600_000;

/** What a signer says of a picture. */
export interface Claim {
  readonly tool?: { readonly name: string; readonly version?: string };
  readonly actions?: readonly { readonly action: string; readonly digitalSourceType?: string }[];
}

/** Signs content credentials into a picture of a type. */
export interface Signer {
  /** The root certificate, in PEM. */
  readonly anchors: string;
  sign(type: string, bytes: Buffer, claim?: Claim): Promise<Buffer>;
}

/** A signer whose certificate names an organisation, beneath a root of its own. `expired`: the certificate was valid until yesterday. */
export async function signerOf(organisation: string, { expired = false } = {}): Promise<Signer> {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = () => webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']) as Promise<never>;
  const [authority, own]: readonly webcrypto.CryptoKeyPair[] = [await keys(), await keys()];
  const notBefore = new Date(Date.now() - 10 * day);
  const notAfter = new Date(Date.now() + (expired ? -day : day));
  const usages = x509.KeyUsageFlags;
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: `O=${organisation}, CN=Root`, notBefore, signingAlgorithm: ecdsa },
    ...{ notAfter: new Date(Date.now() + day), keys: authority as never },
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(usages.keyCertSign | usages.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authority!.publicKey as never),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...{ serialNumber: '02', subject: `O=${organisation}, CN=Cameras`, issuer: root.subject, notBefore, notAfter },
    ...{ signingAlgorithm: ecdsa, publicKey: own!.publicKey as never, signingKey: authority!.privateKey as never },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(usages.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([emailProtection], true),
      await x509.AuthorityKeyIdentifierExtension.create(authority!.publicKey as never),
      await x509.SubjectKeyIdentifierExtension.create(own!.publicKey as never),
    ],
  });
  const header = encode(
    new Map<number, unknown>([
      [1, -7],
      [33, [new Uint8Array(leaf.rawData), new Uint8Array(root.rawData)]],
    ]),
  );
  /** A COSE_Sign1 structure of the size that was reserved for it (RFC 9052, 4.2). */
  const signature = async (claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
    const covered = encode(['Signature1', header, new Uint8Array(), claim]);
    const signed = new Uint8Array(await webcrypto.subtle.sign(ecdsa, own!.privateKey, covered));
    const padded = (size: number) =>
      Uint8Array.of(0xd2, ...encode([header, new Map([['pad', new Uint8Array(size)]]), null, signed]));
    let size = reserved - padded(0).length;
    while (padded(size).length > reserved) size -= 1;
    return padded(size);
  };
  return {
    anchors: root.toString('pem'),
    async sign(type, bytes, { tool = { name: 'Camera' }, actions = [{ action: 'c2pa.created' }] } = {}) {
      await init({ module_or_path: await readFile(wasm) });
      const definition = {
        claim_generator_info: [tool],
        assertions: [{ label: 'c2pa.actions', data: { actions: actions.map(asCaptured) } }],
      };
      // It would refuse to sign what it would not verify, such as with an expired certificate.
      const settings = JSON.stringify({ verify: { verify_after_sign: false } });
      const builder = WasmBuilder.fromJson(JSON.stringify(definition), settings);
      const signer = { alg: 'es256', reserveSize: reserved, sign: signature };
      return Buffer.from(await withFileReader(() => builder.sign(signer, [], type, new Held(bytes))));
    },
  };
}

const wasm = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
const capture = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
/** The first action of a picture has to say what its pixels come from. */
const asCaptured = <Of extends { readonly action: string }>(action: Of) =>
  action.action === 'c2pa.created' ? { digitalSourceType: capture, ...action } : action;

/** The library signs what a browser's worker gives it; Node has blobs, but no FileReaderSync. */
class Held extends Blob {
  constructor(readonly held: Uint8Array<ArrayBuffer> | Buffer) {
    super([held as Uint8Array<ArrayBuffer>]);
  }
  override slice(start?: number, end?: number): Blob {
    return new Held(this.held.subarray(start, end));
  }
}

async function withFileReader<T>(run: () => Promise<T>): Promise<T> {
  const globals = globalThis as { FileReaderSync?: unknown };
  globals.FileReaderSync = class {
    readAsArrayBuffer({ held }: Held): ArrayBuffer {
      return Uint8Array.from(held).buffer;
    }
  };
  try {
    return await run();
  } finally {
    delete globals.FileReaderSync;
  }
}
