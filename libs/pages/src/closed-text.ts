import { closed } from '#domain/bidi';
import { options, type ComponentChildren, type VNode } from 'preact';

// What people wrote may open a direction and not close it, which would turn our own words beside it. So every text of
// every element is closed as it is made, on the server and in the browser, whichever component makes it.

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
