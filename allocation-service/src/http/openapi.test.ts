import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiRoutes } from './routes.js';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

const routesIn = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) => {
    if (route === undefined) return routesIn(handle.stack ?? []);
    return Object.keys(route.methods).map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`);
  });

/** By its indentation: a path, and the methods below it. */
const documented = (yaml: string): string[] => {
  let path = '';
  return yaml.split('\n').flatMap((line) => {
    path = /^ {2}(\/\S+):$/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|put|post|delete|patch):$/.exec(line)?.[1];
    return method === undefined ? [] : `${method} ${path}`;
  });
};

it('every route is in the OpenAPI document, and every one of the document is a route', () => {
  const yaml = readFileSync(new URL('../../../docs/openapi/allocation-service.yaml', import.meta.url), 'utf8');
  const { stack } = apiRoutes(() => undefined, 1) as unknown as { stack: readonly Layer[] };
  expect(documented(yaml).sort()).toEqual(routesIn(stack).sort());
});
