import type { Request, Response, NextFunction } from 'express';

interface Layer {
  match(path: string): boolean;
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
}
type Routed = { readonly router: { readonly stack: readonly Layer[] } };

/** The methods of the routes at a request's path, as `Allow` lists them; empty if there is no route. */
export function methodsAt({ app, path }: Pick<Request, 'app' | 'path'>): readonly string[] {
  const methods = (app as unknown as Routed).router.stack.flatMap(layer => {
    const own = Object.keys(layer.route?.methods ?? {});
    // A layer that accepts every method is middleware.
    return own.length > 0 && !own.includes('trace') && layer.match(path) ? own : [];
  });
  const known = new Set(methods.map(method => method.toUpperCase()));
  if (known.has('GET')) known.add('HEAD');
  return known.size === 0 ? [] : [...known.add('OPTIONS')].sort();
}

/** Sets `Allow` on the answer to an OPTIONS request. Later handlers, such as CORS, send the answer. */
export function sendMethods(request: Request, response: Response, next: NextFunction): void {
  if (request.method !== 'OPTIONS') return next();
  const methods = methodsAt(request);
  if (methods.length > 0) response.setHeader('Allow', methods.join(', '));
  next();
}
