/** Signing in again in this page, the browsers that are signed in, and signing out. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { SignInClaim, SignInKind, SignInList } from '../../shared/api.ts';
import type { ApiError, Result } from '../../shared/errors.ts';
import type { Commands } from '../../shared/hub-api.ts';

export interface SignIn {
  /** What there is to fill in. */
  kind(): Promise<Result<SignInKind>>;
  /** Every tab goes on where it was. @returns what went wrong, or null */
  enter(claim: SignInClaim): Promise<ApiError | null>;
  /** Null until they were asked for. */
  readonly list: ReadonlySignal<SignInList | null>;
  /** What went wrong last, for the person. */
  readonly problem: ReadonlySignal<string | null>;
  load(): Promise<void>;
  /** Signs another browser out. */
  end(signInId: string): Promise<void>;
  /** Signs this browser out: every tab of it leaves. */
  leave(): Promise<void>;
}

export function createSignIn(
  commands: Pick<Commands, 'signInKind' | 'signIn' | 'signIns' | 'endSignIn' | 'signOut'>,
): SignIn {
  const list = signal<SignInList | null>(null);
  const problem = signal<string | null>(null);
  const told = <T>(result: Result<T>, what: string): result is { ok: true; value: T } => {
    problem.value = result.ok ? null : `${what} ${result.error.message}`;
    return result.ok;
  };
  const load = async () => {
    const result = await commands.signIns();
    if (told(result, 'The browsers could not be listed.')) list.value = result.value;
  };
  return {
    kind: commands.signInKind,
    async enter(claim) {
      const result = await commands.signIn(claim);
      return result.ok ? null : result.error;
    },
    list,
    problem,
    load,
    async end(signInId) {
      const result = await commands.endSignIn(signInId);
      // Somebody else was faster: gone is gone.
      const gone = !result.ok && result.error.code === 'not_found';
      if (gone || told(result, 'That browser was not signed out.')) await load();
    },
    async leave() {
      told(await commands.signOut(), 'This browser is still signed in.');
    },
  };
}
