import { options, type VNode } from 'preact';

// A fragment is part of another site's page, where an address without a host would lead to that site.

let base = '';

const made = options.vnode;
options.vnode = (vnode: VNode) => {
  const props = vnode.props as { href?: unknown };
  if (base && vnode.type === 'a' && typeof props.href === 'string' && props.href.startsWith('/'))
    props.href = base + props.href;
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
