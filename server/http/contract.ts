/**
 * Compile-time: the routes answer what `shared/api.ts` promises, for every path, method and status. The
 * hub's typed client is built on that promise and never sees the server's types.
 */
import type { ExtractSchema } from 'hono/types';
import type { JSONParsed } from 'hono/utils/types';
import type { ApiSchema } from '../../shared/api.ts';
import type { ApiRoutes } from './routes.ts';
import type { SignInApi } from './sign-in-routes.ts';

type Served = ExtractSchema<ApiRoutes> & ExtractSchema<SignInApi>;
type Success = 200 | 201 | 202;
type AnyEndpoint = { input: unknown; output: unknown; status: unknown };

/** `true`, or the part that does not fit: a client may send all it was promised, and gets nothing else back. Hono types an answer as what JSON leaves of it. */
type CheckEndpoint<Promised extends AnyEndpoint, Actual extends AnyEndpoint> = [
  Promised['input'],
] extends [Actual['input']]
  ? [Actual['status']] extends [Promised['status']]
    ? [Actual['output']] extends [JSONParsed<Extract<Promised, { status: Success }>['output']>]
      ? true
      : 'output'
    : 'status'
  : 'input';

type CheckMethods<Promised, Actual> = {
  [Method in keyof Promised]: Method extends keyof Actual
    ? Promised[Method] extends AnyEndpoint
      ? Actual[Method] extends AnyEndpoint
        ? CheckEndpoint<Promised[Method], Actual[Method]>
        : 'no endpoint'
      : never
    : 'method missing';
};

type Contract = {
  [Path in keyof ApiSchema]: Path extends keyof Served
    ? CheckMethods<ApiSchema[Path], Served[Path]>
    : 'path missing';
};

type Kept = { [Path in keyof ApiSchema]: { [Method in keyof ApiSchema[Path]]: true } };

/** Does not compile when the routes and the contract part ways: `Contract` then says where. */
export function keepsContract(routes: Contract extends Kept ? ApiRoutes : Contract): ApiRoutes {
  return routes;
}
