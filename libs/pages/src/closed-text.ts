import { closed } from '#domain/bidi';
import { options, type ComponentChildren, type VNode } from 'preact';

// People's text may open a writing direction and not close it, which would reorder our own words beside it. So every text of every
// element is closed when it is created, on the server and in the browser, in all components.

const closedIn = (child: ComponentChildren): ComponentChildren =>
  typeof child === 'string' ? closed(child) : Array.isArray(child) ? child.map(closedIn) : child;

const spoken = ['title', 'aria-label', 'aria-valuetext', 'content', 'value'];

const made = options.vnode;
options.vnode = (vnode: VNode) => {
  const props = vnode.props as Record<string, unknown>;
  if (typeof vnode.type === 'string') {
    props.children = closedIn(props.children as ComponentChildren);
    for (const name of spoken) if (typeof props[name] === 'string') props[name] = closed(props[name]);
  }
  made?.(vnode);
};
