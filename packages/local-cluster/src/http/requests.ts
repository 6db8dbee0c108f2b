// Requests as Mesos's library reads them (3rdparty/libprocess/src: process.cpp, ProcessBase::consume; http.cpp, query::decode).
import { raw, type Request } from 'express';

/** Of any type, since Mesos doesn't look at it here. */
export const anyBody = (limit: string) => raw({ type: () => true, limit });

export const bodyOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

export type Query = Readonly<Record<string, string | undefined>>;

/** Of two values of one name the last counts. */
export const queryOf = (request: Request): Query => Object.fromEntries(new URL(request.originalUrl, 'http://localhost').searchParams);

/** `frameworkId=…&…` in a body; or which escape is malformed. */
export const formOf = (request: Request): { readonly values: Query } | { readonly error: string } => {
  const text = bodyOf(request).toString('utf8');
  const malformed = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (malformed !== null) {
    const part = text.split(/[&;=]/).find((piece) => /%(?![0-9a-fA-F]{2})/.test(piece)) ?? '';
    return { error: `Malformed % escape in '${part}': '${part.slice(part.search(/%(?![0-9a-fA-F]{2})/)).slice(0, 3)}'` };
  }
  return { values: Object.fromEntries(new URLSearchParams(text)) };
};

/** An endpoint takes all that begins with it, with and without its process's name: `/state`, `/master/state`, `/state/more`. */
export const endpoint = (process: string, name: string): string[] => [`/${name}{/*rest}`, `/${process}/${name}{/*rest}`];
