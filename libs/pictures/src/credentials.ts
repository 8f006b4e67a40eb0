// The worker runs this file alone (see package.json, imports).
import init, { WasmReader } from '@contentauth/c2pa-wasm';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Credentials } from '#domain';
import { tidy } from '#pictures/texts';

export interface CredentialsBounds {
  /** Letters. */
  readonly signer: number;
  readonly tool: number;
  readonly actions: number;
}

interface Assertion {
  readonly label: string;
  readonly data?: { readonly actions?: readonly { readonly action?: unknown; readonly digitalSourceType?: unknown }[] };
}
interface Manifest {
  readonly assertions?: readonly Assertion[];
  readonly claim_generator?: unknown;
  readonly claim_generator_info?: readonly { readonly name?: unknown; readonly version?: unknown }[];
  readonly signature_info?: { readonly issuer?: unknown; readonly common_name?: unknown; readonly time?: unknown };
}
interface Store {
  readonly active_manifest: string;
  readonly manifests: Readonly<Record<string, Manifest>>;
  readonly validation_state: string;
  readonly validation_results?: {
    readonly activeManifest?: { readonly success?: readonly { readonly code: string }[] };
  };
}

/** What each store of manifests holds, whatever the format of the picture around it: its label. */
const label = Buffer.from('c2pa');

/**
 * Reads and verifies the credentials in a picture; undefined if it has none. `anchors` are certificates in PEM whose signers the newsroom
 * trusts. Asks nobody: a manifest elsewhere, and the state of a certificate, are not looked up. Never throws.
 */
export async function credentialsOf(
  type: string,
  bytes: Buffer,
  anchors: string,
  longest: CredentialsBounds,
): Promise<Credentials | undefined> {
  if (!bytes.includes(label)) return undefined;
  try {
    const store = await storeIn(type, bytes, anchors);
    return store && read(store, longest);
  } catch {
    return { state: 'broken' };
  }
}

async function storeIn(type: string, bytes: Buffer, anchors: string): Promise<Store | undefined> {
  await init({
    module_or_path: await readFile(fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm'))),
  });
  const settings = {
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
    ...(anchors && { trust: { trust_anchors: anchors } }),
  };
  try {
    const reader = await WasmReader.fromBytes(type, bytes, JSON.stringify(settings));
    return JSON.parse(reader.json()) as Store;
  } catch (error) {
    // The letters are there by chance, or the manifest is only on another server.
    if (/JumbfNotFound|RemoteManifestUrl/.test(String(error))) return undefined;
    throw error;
  }
}

const states: Readonly<Record<string, 'trusted' | 'valid'>> = { Trusted: 'trusted', Valid: 'valid' };
const generative = /\/(?:trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)$/;

function read(store: Store, longest: CredentialsBounds): Credentials {
  const state = states[store.validation_state];
  const active = store.manifests[store.active_manifest];
  const { issuer, common_name: name } = active?.signature_info ?? {};
  const signer = tidy(issuer, longest.signer) ?? tidy(name, longest.signer);
  if (!state || !active || !signer) return { state: 'broken' };
  const signed = signedAt(store, active);
  const tool = toolOf(active, longest.tool);
  const done = actionsOf(active).flatMap(({ action }) => nameOf(action) ?? []);
  const actions = [...new Set(done)].slice(0, longest.actions);
  const isGenerated = Object.values(store.manifests)
    .flatMap(actionsOf)
    .some(({ digitalSourceType: source }) => typeof source === 'string' && generative.test(source));
  return {
    state,
    signer,
    ...(signed !== undefined && { signed }),
    ...(tool !== undefined && { tool }),
    ...(actions.length > 0 && { actions }),
    ...(isGenerated && { generated: true }),
  };
}

function signedAt({ validation_results: results }: Store, { signature_info: info }: Manifest): string | undefined {
  const isTimed = results?.activeManifest?.success?.some(({ code }) => code === 'timeStamp.trusted');
  const time = isTimed && typeof info?.time === 'string' ? Date.parse(info.time) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function toolOf({ claim_generator: older, claim_generator_info: info }: Manifest, longest: number): string | undefined {
  const { name, version } = info?.[0] ?? {};
  return tidy([name, version].filter(part => typeof part === 'string').join(' '), longest) ?? tidy(older, longest);
}

const actionsOf = ({ assertions = [] }: Manifest) =>
  assertions.flatMap(({ label: of, data }) =>
    /^c2pa\.actions(\.v\d+)?(__\d+)?$/.test(of) ? (data?.actions ?? []) : [],
  );

const nameOf = (action: unknown): string | undefined =>
  typeof action === 'string' ? /^c2pa\.([A-Za-z_]{1,40})$/.exec(action)?.[1] : undefined;
