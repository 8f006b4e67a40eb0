import type { Request, Response, NextFunction } from 'express';

interface Layer {
  match(path: string): boolean;
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
}
type Routed = { readonly router: { readonly stack: readonly Layer[] } };

/** The methods that routes have at the path of a request, as `Allow` lists them; empty where there is no route. */
export function methodsAt({ app, path }: Pick<Request, 'app' | 'path'>): readonly string[] {
  const methods = (app as unknown as Routed).router.stack.flatMap(layer => {
    const own = Object.keys(layer.route?.methods ?? {});
    // What takes every method there is, is middleware.
    return own.length > 0 && !own.includes('trace') && layer.match(path) ? own : [];
  });
  const known = new Set(methods.map(method => method.toUpperCase()));
  if (known.has('GET')) known.add('HEAD');
  return known.size === 0 ? [] : [...known.add('OPTIONS')].sort();
}

/** Tells an OPTIONS request which methods its path has. Whoever answers it, such as CORS, does so after this. */
export function tellMethods(request: Request, response: Response, next: NextFunction): void {
  if (request.method !== 'OPTIONS') return next();
  const methods = methodsAt(request);
  if (methods.length > 0) response.setHeader('Allow', methods.join(', '));
  next();
}
