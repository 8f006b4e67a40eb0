import { options, type VNode } from 'preact';

// A fragment is part of another site's page, where an address without a host would lead to that site.

/** The attributes that hold addresses of ours, by element. */
const addresses: Readonly<Partial<Record<string, readonly string[]>>> = {
  a: ['href'],
  img: ['src', 'srcset'],
  source: ['src', 'srcset'],
  video: ['poster'],
  track: ['src'],
};

let base = '';

const made = options.vnode;
options.vnode = (vnode: VNode) => {
  const props = vnode.props as Record<string, unknown>;
  for (const name of base && typeof vnode.type === 'string' ? (addresses[vnode.type] ?? []) : []) {
    const value = props[name];
    // Also each address in a list: "/media/1 480w, /media/2 960w".
    if (typeof value === 'string') props[name] = value.replace(/(^|, )(?=\/)/g, `$1${base}`);
  }
  made?.(vnode);
};

/** Renders with links that begin with this address. Rendering does not wait, so no other page is rendered meanwhile. */
export function withLinksTo(address: string, render: () => string): string {
  base = address;
  try {
    return render();
  } finally {
    base = '';
  }
}
